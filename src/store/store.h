// The store: a view of the log in SQLite. History, the machine's state, and the position of both.
//
// It is written behind the log, in large transactions, each of which moves history, state and
// position together. It may be deleted as long as the log still begins at 1; else it is the only
// copy of what lies below the log's floor, and damage in it is told, never passed over.
//
// Threads: one writer thread owns the one connection that writes and checkpoints; one reader thread
// owns a connection that only reads. All functions are called by the owner's thread; the callbacks
// come on the store's threads.
#pragma once

#include <chrono>
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
#include "protocol/state_row.h"

namespace yallchat {

// What one transaction writes.
struct StoreBatch {
  Index position;                    // the last entry of the log that is in it
  std::uint64_t state_hash = 0;      // the machine's running hash at that position
  std::vector<StateRow> rows;        // changed rows, each (kind, owner, id) at most once
  std::vector<MessagePtr> messages;  // in the order of the log
  struct Floor {
    ChannelId channel;
    Seqnr first;  // the oldest message that is kept; those before it are deleted
  };
  std::vector<Floor> floors;
  std::size_t bytes = 0;  // about, for the bounds
};

// What a read of history found at one seqnr.
struct HistoryItem {
  Seqnr seqnr;
  MessagePtr message;  // null: the row is damaged (its checksum fails), which is logged
};

// How far a channel's history may go.
struct FloorQuery {
  ChannelId channel;
  Seqnr first;                     // the oldest that is kept now
  Seqnr keep;                      // this one and all after it stay in any case
  std::int64_t not_before_ms = 0;  // what was said earlier may go; 0: no limit
  // If more is kept, what does not fit fifteen sixteenths of it, newest first, may go: so the next
  // time is not the next message. 0: no limit.
  std::uint64_t bytes = 0;
};
struct FloorFound {
  Seqnr first;  // the oldest that is to be kept, from query.first to query.keep
  // When it was said, if that was asked and found within bounds; else 0.
  std::int64_t time_ms = 0;
  // If bytes were asked for: of all that is kept from first on, in whole chunks, and up to where.
  std::uint64_t bytes = 0;
  Seqnr last;
};

// About what a message takes in the history.
std::size_t stored_bytes(const Message& message);

class Store {
 public:
  struct Options {
    std::filesystem::path file;  // created when absent; its directory must exist
    // Called on the writer's thread after a transaction is durable.
    std::function<void()> on_written;
    // A checkpoint follows a commit that leaves this much in the write-ahead log, or that is this
    // old.
    std::uint64_t checkpoint_wal_bytes = 16 * limits::MiB;
    std::chrono::milliseconds checkpoint_interval{10'000};
  };

  struct Contents {
    Index position;
    std::uint64_t state_hash = 0;
    std::vector<StateRow> rows;  // ordered by (kind, owner, id)
  };

  // Error: damaged (not a store), unsupported (schema of a newer version), full, io, locked.
  static Result<std::unique_ptr<Store>> open(Options options);

  // Ends the threads when what was handed over is durable (or there is no space for it) and every
  // read is answered. It does not checkpoint: flush() does.
  virtual ~Store() = default;

  // All of the machine's state, every row verified, and their number and digest with them. Once,
  // before anything else is asked. Error: damaged (says which table and row), io.
  virtual Result<Contents> load() = 0;

  // Hands one batch to the writer. Only while idle(). A batch that cannot be written for lack of
  // space is tried again until it can; any other failure of the device stops the process.
  virtual void write(StoreBatch batch) = 0;
  virtual bool idle() const = 0;

  // The position of the last durable transaction, and of the last completed checkpoint (what the
  // log may be trimmed to). After load() the second is 0 until the first checkpoint, which follows
  // at once, shows what the write-ahead log still had. Any thread.
  virtual Index written() const = 0;
  virtual Index checkpointed() const = 0;

  // Waits until the batch in flight is durable, then checkpoints: checkpointed() == written(). For
  // a clean stop. Returns without either when there is no space: the log still has what the store
  // has not.
  virtual void flush() = 0;

  // Reads up to limit messages of the channel from seqnr on, in order, and calls done on the
  // reader's thread with what is there: consecutive, beginning at from or at the channel's floor if
  // that is later (empty when from is beyond what is stored). Bounded by limits::history_page_bytes
  // as well, but never less than one. One answer a call, before the store is destroyed. The caller
  // bounds how many are outstanding.
  using ReadDone = std::function<void(std::vector<HistoryItem>)>;
  virtual void read(ChannelId channel, Seqnr from, std::size_t limit, ReadDone done) = 0;

  // Looks how far the history of a channel may go, as far as it is stored. Answers as read() does.
  using FloorDone = std::function<void(FloorFound)>;
  virtual void find_floor(FloorQuery query, FloorDone done) = 0;
};

}  // namespace yallchat
