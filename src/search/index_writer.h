// The writing side of the index: follows the store's history, chunk by chunk in the order of the
// log, and gives back the space of what the store has deleted.
//
// A full-text table without its texts cannot delete a document, so there is one a generation: some
// 100 MiB of history. A generation of which nothing is left in the store is dropped; one of which
// less than half is left is written anew. Each step is one transaction: of some chunks, or, where a
// generation is written anew, of all that is left of it, which is less than half of its chunks.
// Between them the position, the tables and what is known of channels agree. Owner: the indexing
// thread, with a connection to the index and one to the store.
#pragma once

#include <atomic>
#include <filesystem>
#include <vector>

#include "base/result.h"
#include "search/index_file.h"
#include "search/tokens.h"
#include "store/chunk_reader.h"
#include "store/history_chunk.h"

namespace yallchat {

class IndexWriter {
 public:
  // stop: becomes true when the owner ends; what is in work then is given up.
  // generation_bytes: of chunks, after which a generation is followed by the next.
  IndexWriter(const std::atomic<bool>& stop, std::uint64_t generation_bytes)
      : stop_(stop), generation_bytes_(generation_bytes) {}

  // Errors as of open_index_to_write(); damaged also when the index is not one of this store.
  Result<void> open(const std::filesystem::path& index, const std::filesystem::path& store);

  // Indexes what comes next, as much as one transaction may have; when there is nothing, gives
  // space back. Whether there is more to do. Whatever fails is undone. Error: damaged, full,
  // locked, io.
  Result<bool> follow();

 private:
  Result<void> load();
  Result<void> check_that_it_fits();

  Result<std::vector<StoredChunk>> chunks_behind(std::uint64_t& chunk, std::uint64_t through);
  Result<void> index(const std::vector<StoredChunk>& chunks);
  Result<void> index_into(Generation& generation, const std::vector<StoredChunk>& chunks);
  int index_chunk(const StoredChunk& chunk);
  int index_document(const StoredChunk& chunk, const ChunkView& view, std::size_t document);

  Result<void> forget();
  Result<void> rewrite(const Generation& old);

  Result<Generation> create_generation(std::uint64_t first);
  Result<void> drop_generation(const Generation& generation);
  int write_generation(const Generation& generation);
  int write_channels(const std::vector<StoredChunk>& chunks);
  int write_position(const IndexPosition& position);

  // Runs work between BEGIN and COMMIT, or undoes it.
  template <class Work>
  Result<void> transaction(const Work& work);

  const std::atomic<bool>& stop_;
  const std::uint64_t generation_bytes_;
  SqliteConnection connection_;
  ChunkReader store_;
  Statement insert_;  // into the table of one generation
  Statement replace_generation_;
  Statement delete_generation_;
  Statement replace_channel_;
  Statement replace_meta_;
  IndexPosition position_;
  std::vector<Generation> generations_;  // oldest first; chunks come into the last
  bool forget_due_ = true;
  TokenSet tokens_;
  std::string folded_;
};

}  // namespace yallchat
