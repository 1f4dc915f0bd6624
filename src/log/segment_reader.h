// Reads one segment file in order, through a window of bounded size.
//
// Owner: a scan or a replay; one thread. Errors: what the disk says; damaged and unsupported for a
// header that is not ours. A frame that cannot be read is not an error here: what it means depends
// on what follows it in the log, and the caller knows.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "log/disk.h"
#include "log/format.h"

namespace yallchat {

class SegmentReader {
 public:
  // The segment named segment_name(sequence) in the directory.
  static Result<SegmentReader> open(Disk& disk, const std::string& directory,
                                    std::uint64_t sequence);

  const SegmentHeader& header() const { return header_; }
  const std::string& path() const { return path_; }
  // Where the next frame begins, or what is left of the file.
  std::uint64_t offset() const { return offset_; }
  std::uint64_t size() const { return size_; }

  // The frame at offset(), and moves behind it; nothing where no valid one is. The payload is valid
  // until the next call.
  Result<std::optional<Frame>> next();
  // To where a frame is known to begin.
  void seek(std::uint64_t offset) { offset_ = offset; }

  // What lies from offset() to the end, where next() found nothing.
  struct Rest {
    std::uint64_t used = 0;  // bytes up to the last that is not zero
    // A valid frame after all: what stands before it is no torn tail.
    std::optional<Index> later_number;
    std::uint64_t later_offset = 0;
  };
  Result<Rest> examine_rest();

 private:
  SegmentReader(std::unique_ptr<File> file, std::string path, std::uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}

  // The bytes from at, at least `wanted` where the file has them. Valid until the next call.
  Result<std::string_view> view(std::uint64_t at, std::size_t wanted);
  Result<std::optional<Frame>> frame_at(std::uint64_t at);

  std::unique_ptr<File> file_;
  std::string path_;
  std::uint64_t size_;
  SegmentHeader header_;
  std::uint64_t offset_ = segment_header_bytes;
  std::string window_;
  std::uint64_t window_at_ = 0;
};

}  // namespace yallchat
