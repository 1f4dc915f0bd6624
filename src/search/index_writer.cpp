#include "search/index_writer.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "store/row_hash.h"

namespace yallchat {
namespace {

// What FTS5 gathers in memory before it writes a piece of the index: more than a transaction has.
constexpr int gathered_bytes = 8 * 1024 * 1024;

// Damage in the store is no damage here.
Error in_store(const Error& error) {
  return Error{Errc::io, "the store: " + error.message};
}

IndexPosition position_of(const StoredChunk& chunk) {
  return {chunk.id, row_hash({chunk.id, chunk.channel.value, chunk.first.value}, chunk.records)};
}

}  // namespace

template <class Work>
Result<void> IndexWriter::transaction(const Work& work) {
  if (connection_.exec("BEGIN IMMEDIATE") != SQLITE_OK) return connection_.error_of("beginning");
  Result<void> done = work();
  if (done.has_value() && connection_.exec("COMMIT") != SQLITE_OK) {
    done = connection_.error_of("committing");
  }
  if (done.has_error() && sqlite3_get_autocommit(connection_.handle()) == 0) {
    connection_.exec("ROLLBACK");
  }
  return done;
}

Result<void> IndexWriter::open(const std::filesystem::path& index,
                               const std::filesystem::path& store) {
  if (const auto opened = store_.open(store); opened.has_error()) return in_store(opened.error());
  if (const auto opened = open_index_to_write(connection_, index); opened.has_error())
    return opened;
  if (const auto loaded = load(); loaded.has_error()) return loaded;
  return check_that_it_fits();
}

Result<void> IndexWriter::load() {
  const std::pair<Statement*, std::string_view> statements[] = {
      {&replace_generation_, "REPLACE INTO generations VALUES (?, ?, ?, ?, ?)"},
      {&delete_generation_, "DELETE FROM generations WHERE id = ?"},
      {&replace_channel_, "REPLACE INTO channels VALUES (?, ?)"},
      {&replace_meta_, "REPLACE INTO meta VALUES (1, ?, ?)"},
  };
  for (const auto& [statement, sql] : statements) {
    if (statement->prepare(connection_, sql) != SQLITE_OK) return connection_.error_of(sql);
  }
  const auto position = read_position(connection_);
  if (position.has_error()) return position.error();
  position_ = *position;
  auto generations = read_generations(connection_);
  if (generations.has_error()) return generations.error();
  generations_ = std::move(*generations);
  return {};
}

// The last chunk shows it; when that one is deleted by now, its number has to do. Messages are
// found in the store only, so an index that fits by chance finds less, and nothing that is not
// there.
Result<void> IndexWriter::check_that_it_fits() {
  const auto newest = store_.newest();
  if (newest.has_error()) return in_store(newest.error());
  if (position_.chunk > *newest) return Error{Errc::damaged, "it is ahead of the store"};
  const auto chunk = store_.chunk(position_.chunk);
  if (chunk && position_of(*chunk).fingerprint != position_.fingerprint) {
    return Error{Errc::damaged, "it is of another store"};
  }
  return {};
}

Result<bool> IndexWriter::follow() {
  const auto newest = store_.newest();
  if (newest.has_error()) return in_store(newest.error());
  const auto chunks = chunks_behind(position_.chunk, *newest);
  if (chunks.has_error()) return chunks.error();
  if (!chunks->empty()) {
    if (const auto indexed = index(*chunks); indexed.has_error()) return indexed.error();
    return position_.chunk < *newest || forget_due_;
  }
  if (forget_due_) {
    if (const auto forgotten = forget(); forgotten.has_error()) return forgotten.error();
    forget_due_ = false;
  }
  return false;
}

// Steps over rows that cannot be read, which moves chunk. Error: io.
Result<std::vector<StoredChunk>> IndexWriter::chunks_behind(std::uint64_t& chunk,
                                                            std::uint64_t through) {
  auto chunks = store_.after(chunk, through, limits::search_batch_bytes);
  while (chunks.has_error() && chunks.error().code == Errc::damaged && !stop_) {
    ++chunk;
    spdlog::error("search: chunk {} of the store cannot be indexed: {}", chunk,
                  chunks.error().message);
    chunks = store_.after(chunk, through, limits::search_batch_bytes);
  }
  if (chunks.has_error()) return in_store(chunks.error());
  return chunks;
}

Result<void> IndexWriter::index(const std::vector<StoredChunk>& chunks) {
  Generation generation;
  const IndexPosition position = position_of(chunks.back());
  const bool begins = generations_.empty() || generations_.back().bytes >= generation_bytes_;
  const auto done = transaction([&]() -> Result<void> {
    if (begins) {
      const auto created = create_generation(chunks.front().id);
      if (created.has_error()) return created.error();
      generation = *created;
    } else {
      generation = generations_.back();
    }
    if (const auto indexed = index_into(generation, chunks); indexed.has_error()) return indexed;
    if (write_generation(generation) != SQLITE_OK || write_channels(chunks) != SQLITE_OK ||
        write_position(position) != SQLITE_OK) {
      return connection_.error_of("writing");
    }
    return {};
  });
  if (done.has_error()) return done;
  if (begins) {
    generations_.push_back(generation);
    forget_due_ = true;
  } else {
    generations_.back() = generation;
  }
  position_ = position;
  return {};
}

Result<void> IndexWriter::index_into(Generation& generation,
                                     const std::vector<StoredChunk>& chunks) {
  const std::string sql = "INSERT INTO " + generation.table() + "(rowid, text) VALUES (?, ?)";
  if (insert_.prepare(connection_, sql) != SQLITE_OK) return connection_.error_of(sql);
  for (const StoredChunk& chunk : chunks) {
    if (stop_) return Error{Errc::io, "stopping"};
    if (index_chunk(chunk) != SQLITE_OK) return connection_.error_of(generation.table());
    generation.last = chunk.id;
    generation.chunks += 1;
    generation.bytes += chunk.records.size();
  }
  return {};
}

int IndexWriter::index_chunk(const StoredChunk& chunk) {
  const auto view = ChunkView::open(chunk.records, chunk.channel, chunk.first);
  if (!view) {
    spdlog::error("search: chunk {} of the store is damaged and not indexed", chunk.id);
    return SQLITE_OK;
  }
  int rc = SQLITE_OK;
  for (std::size_t document = 0;
       document * limits::search_document_messages < view->count() && rc == SQLITE_OK; ++document) {
    rc = index_document(chunk, *view, document);
  }
  return rc;
}

int IndexWriter::index_document(const StoredChunk& chunk, const ChunkView& view,
                                std::size_t document) {
  tokens_.clear();
  const std::size_t begin = document * limits::search_document_messages;
  const std::size_t end = std::min(view.count(), begin + limits::search_document_messages);
  for (std::size_t i = begin; i < end; ++i) {
    const auto body = view.body(i);
    if (!body) continue;  // nobody can read it, and who tries is told
    fold(*body, folded_);
    tokens_.add(folded_);
  }
  insert_.bind(1, document_id(chunk.id, document));
  insert_.bind_blob(2, tokens_.document(chunk.channel));
  return insert_.run();
}

// Drops and rewrites generations of which too little is left. The last one is still growing.
Result<void> IndexWriter::forget() {
  if (generations_.size() < 2) return {};
  std::vector<std::uint64_t> left(generations_.size());
  const auto counted = store_.for_each_id([&](std::uint64_t id) {
    const auto behind = std::upper_bound(
        generations_.begin(), generations_.end(), id,
        [](std::uint64_t chunk, const Generation& generation) { return chunk < generation.first; });
    if (behind != generations_.begin()) ++left[behind - generations_.begin() - 1];
  });
  if (counted.has_error()) return in_store(counted.error());
  const std::vector<Generation> sealed(generations_.begin(), generations_.end() - 1);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    if (left[i] * 2 >= sealed[i].chunks) continue;
    if (const auto rewritten = rewrite(sealed[i]); rewritten.has_error()) return rewritten;
    if (const auto loaded = load(); loaded.has_error()) return loaded;
  }
  return {};
}

Result<void> IndexWriter::rewrite(const Generation& old) {
  return transaction([&]() -> Result<void> {
    if (const auto dropped = drop_generation(old); dropped.has_error()) return dropped;
    std::uint64_t position = old.first - 1;
    auto chunks = chunks_behind(position, old.last);
    if (chunks.has_error()) return chunks.error();
    if (chunks->empty()) return {};
    auto generation = create_generation(old.first);
    if (generation.has_error()) return generation.error();
    while (!chunks->empty()) {
      if (const auto indexed = index_into(*generation, *chunks); indexed.has_error())
        return indexed;
      position = generation->last;
      chunks = chunks_behind(position, old.last);
      if (chunks.has_error()) return chunks.error();
    }
    if (write_generation(*generation) != SQLITE_OK) return connection_.error_of("writing");
    return {};
  });
}

Result<Generation> IndexWriter::create_generation(std::uint64_t first) {
  Generation generation;
  generation.first = first;
  for (const Generation& other : generations_) {
    generation.id = std::max(generation.id, other.id + 1);
  }
  const std::string table = generation.table();
  const std::string sql = "CREATE VIRTUAL TABLE " + table +
                          " USING fts5(text, content='', columnsize=0, detail=none, "
                          "tokenize='yallchat'); INSERT INTO " +
                          table + "(" + table + ", rank) VALUES ('hashsize', " +
                          std::to_string(gathered_bytes) + ")";
  if (connection_.exec(sql.c_str()) != SQLITE_OK) return connection_.error_of(table);
  return generation;
}

Result<void> IndexWriter::drop_generation(const Generation& generation) {
  insert_ = Statement();  // a table with a statement open is locked
  delete_generation_.bind(1, generation.id);
  const std::string sql = "DROP TABLE " + generation.table();
  if (delete_generation_.run() != SQLITE_OK || connection_.exec(sql.c_str()) != SQLITE_OK) {
    return connection_.error_of(sql);
  }
  return {};
}

int IndexWriter::write_generation(const Generation& generation) {
  replace_generation_.bind(1, generation.id);
  replace_generation_.bind(2, generation.first);
  replace_generation_.bind(3, generation.last);
  replace_generation_.bind(4, generation.chunks);
  replace_generation_.bind(5, generation.bytes);
  return replace_generation_.run();
}

int IndexWriter::write_channels(const std::vector<StoredChunk>& chunks) {
  int rc = SQLITE_OK;
  for (std::size_t i = 0; i < chunks.size() && rc == SQLITE_OK; ++i) {
    replace_channel_.bind(1, chunks[i].channel.value);
    replace_channel_.bind(2, chunks[i].last.value);
    rc = replace_channel_.run();
  }
  return rc;
}

int IndexWriter::write_position(const IndexPosition& position) {
  replace_meta_.bind(1, position.chunk);
  replace_meta_.bind(2, position.fingerprint);
  return replace_meta_.run();
}

}  // namespace yallchat
