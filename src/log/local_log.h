// The log of a single server: segment files in a directory, one frame an entry, synced inline.
//
// append() returns when the entry is durable (or refused), so nothing here is ever unknown. Format
// and reasoning: docs/formats/log.md.
//
// Owner: the server's wiring. Threads: all calls on the replica's; what takes long and nobody waits
// for (the next segment's zeros, the removal of trimmed files) runs in `background`, on files of
// its own. Errors: open says them; append refuses with full or io when no new segment can be made,
// before a byte of the entry is written; a failed write or sync of an entry stops the process, for
// nobody can know then what is on the disk.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/random.h"
#include "log/background_job.h"
#include "log/disk.h"
#include "log/log.h"
#include "log/scan.h"
#include "log/spare_segment.h"

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
  };

  // Errors: damaged when an entry that was durable cannot be read, or the log does not reach from
  // opened_after + 1 or before up to opened_after; unsupported; full; io. A torn tail is cut, with
  // a warning.
  static Result<std::unique_ptr<LocalLog>> open(Options options);
  // Gives back the room that was allocated ahead.
  ~LocalLog() override;

  bool can_append() const override { return !in_flight_; }
  void append(std::string_view entry) override;
  void deliver(Receiver& receiver) override;
  void trim(Index checkpointed) override;
  Index last() const override { return last_; }

 private:
  explicit LocalLog(Options options);

  Result<void> start(LogFound found);
  Result<void> cut_tail(const LogFound& found);
  Result<void> begin_segment(Index number, std::string_view payload, std::uint64_t bytes);
  void write_frame(File& file, std::uint64_t segment_id, std::uint64_t offset, Index number,
                   std::string_view payload);
  void replay(Receiver& receiver);
  Result<void> set_aside(const SegmentFound& segment);
  std::string path(const std::string& name) const { return options_.directory + "/" + name; }

  Options options_;
  std::deque<SegmentFound> segments_;  // oldest first; the last is the current one, if current_
  Index last_;
  Index delivered_;
  Index replay_to_;  // the last entry that was on the disk at open

  // The segment appended to. None in an empty log, until the first entry comes.
  std::unique_ptr<File> current_;
  std::uint64_t current_id_ = 0;
  std::uint64_t tail_ = 0;
  std::uint64_t capacity_ = 0;
  bool spare_asked_ =
      false;  // since the current segment began: a full disk is not asked again and again

  // The append whose outcome is not yet told.
  bool in_flight_ = false;
  std::optional<Error> refused_;
  std::vector<char>
      frame_;  // the one buffer of all appends, grown at need; the entry until it is delivered
  std::size_t payload_bytes_ = 0;

  SpareSegment spare_;
  BackgroundJob removal_;
};

}  // namespace yallchat
