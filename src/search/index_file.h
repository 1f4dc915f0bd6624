// The search index's own file: its shape, and what belongs together in it. docs/formats/search.md
// has the meaning of the columns and what was rejected.
//
// Full-text tables are kept by generation, one table docs_N each; a document in them is
// limits::search_document_messages of a chunk of the store. One thread at a time, with its
// connection.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "store/sqlite.h"

namespace yallchat {

// Another one also when tokens change, or how documents are made of chunks.
inline constexpr std::uint64_t index_version = 1;

// Opens the file to write, and makes the tables when it is new. Error: damaged (not ours),
// unsupported (another version), full, locked, io.
Result<void> open_index_to_write(SqliteConnection& connection, const std::filesystem::path& file);

// Error: damaged, io.
Result<void> open_index_to_read(SqliteConnection& connection, const std::filesystem::path& file);

// Removes the file and what SQLite has put beside it. Nobody may have it open to write.
void remove_index(const std::filesystem::path& file);

// How far the index has come: the chunk of the store, and what shows that it is that store's.
struct IndexPosition {
  std::uint64_t chunk = 0;
  std::uint64_t fingerprint = 0;
};
Result<IndexPosition> read_position(SqliteConnection& connection);

// A full-text table over the chunks first to last.
struct Generation {
  std::uint64_t id = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t chunks = 0;  // how many were indexed; some may be deleted by now
  std::uint64_t bytes = 0;   // of their records

  std::string table() const { return "docs_" + std::to_string(id); }
};
// Oldest first.
Result<std::vector<Generation>> read_generations(SqliteConnection& connection);

// Documents are numbered by chunk, and within it.
inline constexpr std::uint64_t documents_a_chunk =
    limits::chunk_messages / limits::search_document_messages;
constexpr std::uint64_t document_id(std::uint64_t chunk, std::size_t document) {
  return chunk * documents_a_chunk + document;
}

}  // namespace yallchat
