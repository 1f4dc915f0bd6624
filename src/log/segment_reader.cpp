#include "log/segment_reader.h"

#include <algorithm>

namespace yallchat {
namespace {

constexpr std::size_t read_ahead_bytes = 256 * 1024;

}  // namespace

Result<SegmentReader> SegmentReader::open(Disk& disk, const std::string& directory,
                                          std::uint64_t sequence) {
  std::string path = directory + "/" + segment_name(sequence);
  auto file = disk.open(path);
  if (!file) return file.error();
  const auto size = (*file)->size();
  if (!size) return size.error();
  SegmentReader reader(std::move(*file), std::move(path), *size);
  const auto bytes = reader.view(0, segment_header_bytes);
  if (!bytes) return bytes.error();
  auto header = decode_segment_header(*bytes);
  if (header && header->sequence != sequence)
    header = Error{Errc::damaged, "the file was written as " + segment_name(header->sequence)};
  if (!header)
    return Error{header.error().code, reader.path_ + " at offset 0: " + header.error().message};
  reader.header_ = *header;
  return reader;
}

Result<std::optional<Frame>> SegmentReader::next() {
  auto frame = frame_at(offset_);
  if (frame && *frame) offset_ += (*frame)->bytes;
  return frame;
}

Result<SegmentReader::Rest> SegmentReader::examine_rest() {
  Rest rest;
  for (std::uint64_t at = offset_; at < size_; at += frame_alignment) {
    const auto bytes = view(at, frame_header_bytes);
    if (!bytes) return bytes.error();
    const auto word = bytes->substr(0, frame_alignment);
    std::uint64_t value = 0;
    word.copy(reinterpret_cast<char*>(&value), word.size());
    if (value == 0) continue;
    rest.used = at + word.find_last_not_of('\0') + 1 - offset_;
    const auto frame = frame_at(at);
    if (!frame) return frame.error();
    if (!*frame) continue;
    rest.later_number = (*frame)->number;
    rest.later_offset = at;
    break;
  }
  return rest;
}

Result<std::string_view> SegmentReader::view(std::uint64_t at, std::size_t wanted) {
  const std::uint64_t have_to = window_at_ + window_.size();
  const std::uint64_t need_to = std::min<std::uint64_t>(at + wanted, size_);
  if (at < window_at_ || need_to > have_to) {
    const std::uint64_t left = at < size_ ? size_ - at : 0;
    window_.resize(std::min<std::uint64_t>(std::max(wanted, read_ahead_bytes), left));
    window_at_ = at;
    const auto got = file_->read(at, window_);
    if (!got) {
      window_.clear();
      return got.error();
    }
    window_.resize(*got);
  }
  if (at >= window_at_ + window_.size()) return std::string_view();
  return std::string_view(window_).substr(at - window_at_);
}

Result<std::optional<Frame>> SegmentReader::frame_at(std::uint64_t at) {
  auto bytes = view(at, frame_header_bytes);
  if (!bytes) return bytes.error();
  const auto size = frame_bytes_at(header_.id, *bytes);
  if (!size) return std::optional<Frame>();
  if (bytes->size() < *size) bytes = view(at, *size);
  if (!bytes) return bytes.error();
  if (bytes->size() < *size) return std::optional<Frame>();
  return decode_frame(header_.id, bytes->substr(0, *size));
}

}  // namespace yallchat
