#include "store/chunk_reader.h"

#include "store/meta.h"
#include "store/schema.h"

namespace yallchat {
namespace {

StoredChunk chunk_of(const Statement& select) {
  return StoredChunk{select.integer(0), ChannelId(select.integer(1)), Seqnr(select.integer(2)),
                     Seqnr(select.integer(3)), std::string(select.blob(4))};
}

}  // namespace

Result<void> ChunkReader::open(const std::filesystem::path& file) {
  if (connection_.open(file, SQLITE_OPEN_READONLY) != SQLITE_OK) {
    return connection_.error_of("opening to read");
  }
  if (const auto ready = prepare_reader(connection_); ready.has_error()) return ready;
  const std::pair<Statement*, std::string_view> statements[] = {
      {&after_,
       "SELECT id, channel, first, last, records FROM history WHERE id > ? AND id <= ? "
       "ORDER BY id"},
      {&chunk_, "SELECT id, channel, first, last, records FROM history WHERE id = ?"},
      {&newest_of_,
       "SELECT id, first FROM history INDEXED BY history_by_channel "
       "WHERE channel = ? AND first <= ? ORDER BY first DESC LIMIT 1"},
      {&ids_, "SELECT id FROM history INDEXED BY history_by_channel"},
  };
  for (const auto& [statement, sql] : statements) {
    if (statement->prepare(connection_, sql) != SQLITE_OK) return connection_.error_of(sql);
  }
  return {};
}

Result<std::uint64_t> ChunkReader::newest() {
  const auto meta = read_meta(connection_);
  if (meta.has_error()) return meta.error();
  return meta->next_chunk - 1;
}

Result<std::vector<StoredChunk>> ChunkReader::after(std::uint64_t id, std::uint64_t through,
                                                    std::size_t bytes) {
  const ResetAtEnd reset(after_);
  after_.bind(1, id);
  after_.bind(2, through);
  std::vector<StoredChunk> chunks;
  std::size_t taken = 0;
  int rc = SQLITE_DONE;
  while (taken < bytes && (rc = after_.step()) == SQLITE_ROW) {
    chunks.push_back(chunk_of(after_));
    taken += chunks.back().records.size();
  }
  if (rc != SQLITE_ROW && rc != SQLITE_DONE && chunks.empty()) {
    return connection_.error_of("table history");
  }
  return chunks;
}

std::optional<StoredChunk> ChunkReader::chunk(std::uint64_t id) {
  const ResetAtEnd reset(chunk_);
  chunk_.bind(1, id);
  if (chunk_.step() != SQLITE_ROW) return std::nullopt;
  return chunk_of(chunk_);
}

std::optional<ChunkPlace> ChunkReader::newest_of(ChannelId channel, Seqnr seqnr) {
  const ResetAtEnd reset(newest_of_);
  newest_of_.bind(1, channel.value);
  newest_of_.bind(2, seqnr.value);
  if (newest_of_.step() != SQLITE_ROW) return std::nullopt;
  return ChunkPlace{newest_of_.integer(0), Seqnr(newest_of_.integer(1))};
}

Result<void> ChunkReader::for_each_id(const std::function<void(std::uint64_t)>& call) {
  const ResetAtEnd reset(ids_);
  int rc = SQLITE_ROW;
  while ((rc = ids_.step()) == SQLITE_ROW) call(ids_.integer(0));
  if (rc != SQLITE_DONE) return connection_.error_of("index history_by_channel");
  return {};
}

}  // namespace yallchat
