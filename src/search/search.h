// Full-text search: a further view of the log, behind the store and from what the store has.
//
// It has a file of its own, which may be deleted at any time: what is damaged, of another version
// or of another store is made anew from the store, and the log says so. Nothing that fails here
// keeps the server from working.
//
// Threads: one indexes, with what others leave of the processor; one finds. All functions are
// called by the owner's thread, but for written(), which any thread may call; callbacks come on the
// finding thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/limits.h"
#include "base/result.h"
#include "protocol/message.h"
#include "search/terms.h"

namespace yallchat {

struct SearchQuery {
  ChannelId channel;
  std::string words;  // as the user wrote them: terms.h says what they mean
  Seqnr upto;         // the newest message that may be found; 0: no limit
  Seqnr floor;        // the oldest that is kept
  std::size_t limit = limits::search_results;  // 1 to that; what is outside is brought inside
};

struct SearchFound {
  struct Item {
    MessagePtr message;
    std::vector<Hit> hits;  // in its body, at least one, in order and apart
  };
  std::vector<Item> items;  // newest first
  // The newest message of the channel that the index knows of; 0: none. The store, and what is not
  // in the store yet, may have newer ones.
  Seqnr indexed_to;
  // Where to go on (upto of the next query), or 0: everything was searched. A query that takes too
  // long is answered in parts, so this may be there with few items or none.
  Seqnr next;
};

class Search {
 public:
  struct Options {
    std::filesystem::path store;  // the store's file; the store was loaded before
    std::filesystem::path file;   // the index; created when absent; its directory must exist
    // How long a query may take; at least one message is looked at, and none is left half-way.
    std::chrono::milliseconds budget{limits::search_budget_ms};
    // At least so long from one transaction of the index to the next, when it has caught up.
    std::chrono::milliseconds interval{limits::search_interval_ms};
    // Of history in one table of the index, about: what can be given back at once.
    std::uint64_t generation_bytes = limits::search_generation_bytes;
  };

  static std::unique_ptr<Search> start(Options options);

  // Ends the threads: indexing stops where it is, and all queries are answered. Before the store.
  virtual ~Search() = default;

  // The store has written. Costs next to nothing.
  virtual void written() = 0;

  // Calls done on the finding thread, once, before this is destroyed; done may get Error io, while
  // the files cannot be read. Error (done is not called): invalid (the words mean nothing), full
  // (limits::searches_waiting).
  using FindDone = std::function<void(Result<SearchFound>)>;
  virtual Result<void> find(SearchQuery query, FindDone done) = 0;
};

}  // namespace yallchat
