// The log of a single server: segment files in a directory, one frame an entry.
//
// An entry is written and synced inline, so that append() returns when it is durable (or refused),
// or by a thread: `commit` says which (commit_choice.h). Nothing here is ever unknown. Format and
// reasoning: docs/formats/log.md.
//
// Owner: the server's wiring. Threads: all calls on the replica's. What takes long and nobody waits
// for (the next segment's zeros, the removal of trimmed files) runs in `background`, on files of
// its own. Errors: open says them; append refuses with full or io when no new segment can be made,
// before a byte of the entry can be found; a failed write or sync of an entry stops the process.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "base/limits.h"
#include "base/random.h"
#include "log/background_job.h"
#include "log/commit_choice.h"
#include "log/disk.h"
#include "log/log.h"
#include "log/scan.h"
#include "log/segment_writer.h"

namespace yallchat {

class LocalLog final : public Log {
 public:
  struct Options {
    std::string directory;  // made if missing, in a directory that exists
    Disk& disk;
    Random& random;
    Index opened_after;  // the store's position: what is delivered begins after it
    std::size_t segment_bytes = limits::segment_bytes;
    RunInBackground background;
    CommitMode commit = CommitMode::inline_always;
    // Unless inline_always: runs commits one by one, on a thread of their own; and after each it
    // has deliver() called.
    RunInBackground commit_thread = nullptr;
  };

  // Errors: damaged when an entry that was durable cannot be read, or the log does not reach from
  // opened_after + 1 or before up to opened_after; unsupported; full; io. A torn tail is cut, with
  // a warning.
  static Result<std::unique_ptr<LocalLog>> open(Options options);

  bool can_append() const override { return !in_flight_; }
  void append(std::string_view entry) override;
  void deliver(Receiver& receiver) override;
  void finish() override;
  void trim(Index checkpointed) override;
  Index last() const override { return last_; }

 private:
  explicit LocalLog(Options options);

  Result<void> start(LogFound found);
  Result<void> cut_tail(const LogFound& found);
  Result<void> copy_last(const LogFound& found);
  void commit();
  void replay(Receiver& receiver);
  Result<void> set_aside(const SegmentFound& segment);
  std::string path(const std::string& name) const { return options_.directory + "/" + name; }

  Options options_;
  std::deque<SegmentFound> segments_;  // oldest first
  Index last_;
  Index delivered_;
  Index replay_to_;  // the last entry that was on the disk at open

  // The append whose outcome is not yet told.
  bool in_flight_ = false;

  // Used by a commit, and so by nobody else while one is under way.
  SegmentWriter writer_;
  std::optional<Result<void>> outcome_;  // of the append in flight, once it is known
  std::chrono::nanoseconds commit_time_{};

  CommitChoice choice_;
  BackgroundJob removal_;
  BackgroundJob committing_;  // last: its destructor waits for what uses the above
};

}  // namespace yallchat
