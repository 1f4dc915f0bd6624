// The reading side of the history and channels tables: one page of a channel's messages at a time.
//
// What cannot be read is an item without a message, and its neighbours are served: a record whose
// checksum fails, all of a chunk whose header or row is damaged or missing (the chunks around it,
// and the channel's extent, say what was in it). Each is logged. Owner: the reader, on its thread,
// with a connection of its own.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "store/channel_table.h"
#include "store/history_floor.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace yallchat {

class HistoryReader {
 public:
  // Error: damaged, io.
  Result<void> open(const std::filesystem::path& file);

  // As Store::read says. Holds a snapshot for the call only.
  std::vector<HistoryItem> page(ChannelId channel, Seqnr from, std::size_t limit);

  FloorFound find_floor(const FloorQuery& query) { return floor_.find(query); }

 private:
  class Page;

  Extent extent_of(ChannelId channel, Seqnr from);
  void read_chunks(Page& page, ChannelId channel);
  int first_chunk(ChannelId channel, Seqnr from, Seqnr& first);
  std::string read_chunk(Page& page, std::uint64_t id, ChannelId channel, Seqnr first);

  SqliteConnection connection_;
  Statement begin_;
  Statement end_;
  Statement extent_;
  Statement before_;
  Statement chunks_;
  Statement records_;
  HistoryFloor floor_;
};

}  // namespace yallchat
