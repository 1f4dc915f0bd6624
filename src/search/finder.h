// Finds messages: asks the index which documents may have the words, reads those in the store,
// newest first, and looks for the words in the bodies.
//
// So what is found is what the store has, whatever the index says; a document whose words were
// elsewhere costs time only. Where no word is long enough for a token, all documents of the channel
// are read in the same way. When the time for a query is over, the answer has what was found so far
// and says where to go on. Owner: the finding thread, with a connection to the index and one to the
// store.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.h"
#include "search/index_file.h"
#include "search/search.h"
#include "search/terms.h"
#include "store/chunk_reader.h"

namespace yallchat {

class Finder {
 public:
  explicit Finder(std::chrono::milliseconds budget) : budget_(budget) {}

  // May be called again: the index may have been made anew. Error: damaged, io.
  Result<void> open(const std::filesystem::path& index, const std::filesystem::path& store);

  // As Search::find says. Holds snapshots for the call only. Error: damaged (the index), locked,
  // io.
  Result<SearchFound> find(const SearchQuery& query, const Terms& terms);

 private:
  class Gathering;
  struct Documents {
    std::uint64_t first;
    std::uint64_t last;
  };

  Result<SearchFound> find_in_snapshot(const SearchQuery& query, const Terms& terms,
                                       std::chrono::steady_clock::time_point end);
  Result<Seqnr> indexed_to(ChannelId channel);
  Result<void> ask_index(Gathering& gathering, const std::string& expression);
  Result<void> ask_generation(Gathering& gathering, const Generation& generation,
                              const std::string& expression, const Documents& documents);
  Seqnr first_of_chunk_from(const Gathering& gathering, std::uint64_t chunk);
  void walk(Gathering& gathering);
  const StoredChunk* load(std::uint64_t id);

  const std::chrono::milliseconds budget_;
  SqliteConnection connection_;
  ChunkReader store_;
  std::optional<StoredChunk> chunk_;  // the one read last in this call
  std::uint64_t chunk_id_ = 0;
};

}  // namespace yallchat
