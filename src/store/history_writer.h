// The writing side of the history and channels tables.
//
// Messages become chunks of one channel each, sorted by channel within a transaction (so that the
// index is walked once, in order), in the order of the log from one transaction to the next. What
// lies below a channel's floor is deleted in steps, a bounded number of chunks a transaction, for a
// retention that was shortened may have millions below it. Owner: the writer, on its thread, with
// its connection.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/channel_table.h"
#include "store/meta.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace yallchat {

class HistoryWriter {
 public:
  int prepare(const SqliteConnection& connection);

  // Reads the channels: below the floor of any something may be left to delete. Error: damaged, io.
  Result<void> load(SqliteConnection& connection, const Meta& meta);

  // Takes the messages' chunks into the transaction, numbered from meta.next_chunk on.
  int insert(const std::vector<MessagePtr>& messages, Meta& meta);

  void set_floor(const StoreBatch::Floor& floor);

  // Deletes at most so many chunks below floors.
  int delete_below_floors(std::size_t chunks);
  bool has_more_to_delete() const { return !below_.empty(); }

  // Writes what all this changed in the channels table; the last step of a transaction, but for
  // meta.
  int finish(Meta& meta) { return channels_.write(meta); }
  void committed();
  void rolled_back();

 private:
  int insert_channel(std::span<const MessagePtr> messages, Meta& meta);
  int insert_chunk(std::span<const MessagePtr> messages, Meta& meta);

  Statement insert_;
  Statement delete_;
  ChannelTable channels_;
  std::vector<MessagePtr> sorted_;  // empty between calls, kept for its memory
  std::string blob_;
  std::map<ChannelId, Seqnr> below_;  // floors that may have something below them
  std::vector<ChannelId> cleared_;    // those that have not, once this transaction is committed
};

}  // namespace yallchat
