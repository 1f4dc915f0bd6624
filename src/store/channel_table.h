// The channels table: which messages of each channel the store has, first to last.
//
// It is what tells a message that was lost from one that was never there. Its rows are verified as
// the state's are, with their number and digest in meta; and the writer has them all in memory,
// some 80 bytes for each channel with messages, so that it need not read them back. Owner: the
// writer, on its thread, with its connection. read_extent() is the reader's.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "store/meta.h"
#include "store/sqlite.h"

namespace yallchat {

struct Extent {
  Seqnr first;  // the floor: what is below is deleted, or will be
  Seqnr last;

  bool empty() const { return last < first; }
};

class ChannelTable {
 public:
  int prepare(const SqliteConnection& connection);
  // Error: damaged, io.
  Result<void> load(SqliteConnection& connection, const Meta& meta);
  const std::map<ChannelId, Extent>& extents() const { return extents_; }

  // What this transaction does to a channel. Messages must go on where the channel ended.
  void extend(ChannelId channel, Seqnr first, Seqnr last);
  void set_floor(ChannelId channel, Seqnr first);
  // The channel has no row of history any more.
  void drop_if_empty(ChannelId channel);

  // Writes what changed into the transaction, and counts it in meta.
  int write(Meta& meta);
  void committed();
  void rolled_back() { changed_.clear(); }

 private:
  std::optional<Extent> current(ChannelId channel) const;
  int write_row(ChannelId channel, const Extent& extent);
  int delete_row(ChannelId channel);

  Statement replace_;
  Statement delete_;
  std::map<ChannelId, Extent> extents_;
  std::map<ChannelId, std::optional<Extent>> changed_;  // in this transaction; nullopt: dropped
};

// The two columns and the checksum of one row, which select has stepped to. nullopt: it is damaged.
std::optional<Extent> read_extent(const Statement& select, ChannelId channel, int first_column);

}  // namespace yallchat
