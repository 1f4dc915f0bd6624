#include "store/history_writer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <tuple>

#include "store/history_chunk.h"

namespace yallchat {

int HistoryWriter::prepare(const SqliteConnection& connection) {
  int rc = insert_.prepare(connection, "INSERT INTO history VALUES (?, ?, ?, ?, ?)");
  if (rc == SQLITE_OK) {
    rc =
        delete_.prepare(connection,
                        "DELETE FROM history WHERE id IN ("
                        "SELECT id FROM history INDEXED BY history_by_channel "
                        "WHERE channel = ?1 AND first < ?2 AND last < ?2 ORDER BY first LIMIT ?3)");
  }
  return rc == SQLITE_OK ? channels_.prepare(connection) : rc;
}

Result<void> HistoryWriter::load(SqliteConnection& connection, const Meta& meta) {
  if (const auto loaded = channels_.load(connection, meta); loaded.has_error()) return loaded;
  for (const auto& [channel, extent] : channels_.extents()) {
    if (extent.first > Seqnr(1)) below_[channel] = extent.first;
  }
  return {};
}

int HistoryWriter::insert(const std::vector<MessagePtr>& messages, Meta& meta) {
  sorted_.assign(messages.begin(), messages.end());
  std::sort(sorted_.begin(), sorted_.end(), [](const MessagePtr& a, const MessagePtr& b) {
    return std::tie(a->channel, a->seqnr) < std::tie(b->channel, b->seqnr);
  });
  int rc = SQLITE_OK;
  for (std::size_t begin = 0; begin < sorted_.size() && rc == SQLITE_OK;) {
    std::size_t end = begin + 1;
    while (end < sorted_.size() && sorted_[end]->channel == sorted_[begin]->channel) ++end;
    rc = insert_channel(std::span<const MessagePtr>(sorted_).subspan(begin, end - begin), meta);
    begin = end;
  }
  sorted_.clear();
  return rc;
}

int HistoryWriter::insert_channel(std::span<const MessagePtr> messages, Meta& meta) {
  channels_.extend(messages.front()->channel, messages.front()->seqnr, messages.back()->seqnr);
  int rc = SQLITE_OK;
  while (!messages.empty() && rc == SQLITE_OK) {
    const std::size_t length = chunk_length(messages);
    rc = insert_chunk(messages.first(length), meta);
    messages = messages.subspan(length);
  }
  return rc;
}

int HistoryWriter::insert_chunk(std::span<const MessagePtr> messages, Meta& meta) {
  encode_chunk(messages, blob_);
  insert_.bind(1, meta.next_chunk++);
  insert_.bind(2, messages.front()->channel.value);
  insert_.bind(3, messages.front()->seqnr.value);
  insert_.bind(4, messages.back()->seqnr.value);
  insert_.bind_blob(5, blob_);
  return insert_.run();
}

void HistoryWriter::set_floor(const StoreBatch::Floor& floor) {
  below_[floor.channel] = floor.first;
  channels_.set_floor(floor.channel, floor.first);
}

int HistoryWriter::delete_below_floors(std::size_t chunks) {
  for (const auto& [channel, first] : below_) {
    if (chunks == 0) break;
    delete_.bind(1, channel.value);
    delete_.bind(2, first.value);
    delete_.bind(3, chunks);
    const int rc = delete_.run();
    if (is_corrupt(rc)) {
      // What is left there takes space and is never read: no reason to stop.
      spdlog::error("store: what is below the floor of channel {} cannot be deleted: {}",
                    channel.value, sqlite3_errstr(rc));
    } else if (rc != SQLITE_OK) {
      return rc;
    }
    const auto deleted = is_corrupt(rc) ? 0 : static_cast<std::size_t>(delete_.changes());
    if (deleted < chunks) {
      cleared_.push_back(channel);
      channels_.drop_if_empty(channel);
    }
    chunks -= deleted;
  }
  return SQLITE_OK;
}

void HistoryWriter::committed() {
  for (const ChannelId channel : cleared_) below_.erase(channel);
  cleared_.clear();
  channels_.committed();
}

void HistoryWriter::rolled_back() {
  cleared_.clear();
  channels_.rolled_back();
}

}  // namespace yallchat
