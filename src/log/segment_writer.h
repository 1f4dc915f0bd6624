// The segment that is appended to: an entry becomes a frame here, and durable.
//
// Two steps, because they are done in two places: prepare() takes the entry's bytes on the log's
// thread; commit() writes and syncs, there or on another thread. From the call of commit() until it
// has returned nothing else is called. Format and reasoning: docs/formats/log.md.
//
// Owner: LocalLog. Errors: full or io when no new segment can be made, before a byte of the entry
// can be found; a failed write or sync of an entry stops the process, for nobody can know then what
// is on the disk.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "log/background_job.h"
#include "log/disk.h"
#include "log/scan.h"
#include "log/spare_segment.h"

namespace yallchat {

class SegmentWriter {
 public:
  struct Options {
    Disk& disk;
    Random& random;
    std::string directory;
    std::size_t segment_bytes;
    RunInBackground background;  // makes the next segment ready
  };

  explicit SegmentWriter(const Options& options);
  // Gives back the room that was allocated ahead.
  ~SegmentWriter();
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  // What the next new segment's file is called.
  void begin_after(std::uint64_t sequence) { sequence_ = sequence; }

  // payload: copied. It goes into a new segment, of so many bytes, where there is no current one or
  // it has no room.
  void prepare(Index number, std::string_view payload) { prepare(number, payload, segment_bytes_); }
  void prepare(Index number, std::string_view payload, std::uint64_t segment_bytes);
  // Makes it durable. After an error it may be called again.
  Result<void> commit();

  // What was prepared last; until the next prepare.
  std::string_view payload() const;
  // The segment that the commit before began, if it did.
  std::optional<SegmentFound> take_begun() { return std::exchange(begun_, std::nullopt); }
  // To be called now and then: begins to make the next segment in time.
  void make_spare_ready();

 private:
  Result<void> begin_segment();
  void write_frame(File& file, std::uint64_t offset);

  Disk& disk_;
  Random& random_;
  const std::string directory_;
  const std::size_t segment_bytes_;

  // The segment appended to. None in an empty log, until the first entry comes.
  std::unique_ptr<File> current_;
  std::uint64_t current_id_ = 0;
  std::uint64_t sequence_ = 0;  // of the current segment
  std::uint64_t tail_ = 0;
  std::uint64_t capacity_ = 0;
  // Since the current segment began: a full disk is not asked again and again.
  bool spare_asked_ = false;

  // The entry that was prepared.
  Index number_;
  std::uint64_t new_segment_id_ = 0;
  std::uint64_t new_segment_bytes_ = 0;  // 0: it goes into the current one
  std::vector<char> frame_;              // the one buffer of all entries, grown at need
  std::size_t payload_bytes_ = 0;
  std::optional<SegmentFound> begun_;

  SpareSegment spare_;
};

}  // namespace yallchat
