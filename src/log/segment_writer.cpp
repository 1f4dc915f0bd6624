#include "log/segment_writer.h"

#include <array>
#include <cstring>

#include "base/check.h"
#include "log/format.h"

namespace yallchat {

SegmentWriter::SegmentWriter(const Options& options)
    : disk_(options.disk),
      random_(options.random),
      directory_(options.directory),
      segment_bytes_(options.segment_bytes),
      spare_(options.disk, options.directory, options.background) {}

SegmentWriter::~SegmentWriter() {
  // Only zeros are behind the tail, so it does not matter whether this becomes durable.
  if (current_) static_cast<void>(current_->truncate(tail_));
}

void SegmentWriter::prepare(Index number, std::string_view payload, std::uint64_t segment_bytes) {
  const std::size_t size = frame_bytes(payload.size());
  CHECK(segment_header_bytes + size <= segment_bytes, "a segment holds the entry");
  number_ = number;
  payload_bytes_ = payload.size();
  new_segment_bytes_ = 0;
  std::uint64_t id = current_id_;
  if (!current_ || tail_ + size > capacity_) {
    std::array<std::uint8_t, sizeof id> random;
    random_.fill(random);
    std::memcpy(&id, random.data(), sizeof id);
    new_segment_id_ = id;
    new_segment_bytes_ = segment_bytes;
  }
  if (frame_.size() < size) frame_.resize(size);
  encode_frame(id, number, Index(number.value - 1), payload, frame_);
}

Result<void> SegmentWriter::commit() {
  if (new_segment_bytes_ != 0) return begin_segment();
  write_frame(*current_, tail_);
  tail_ += frame_bytes(payload_bytes_);
  return {};
}

void SegmentWriter::write_frame(File& file, std::uint64_t offset) {
  const auto written = file.write(offset, {frame_.data(), frame_bytes(payload_bytes_)});
  CHECK(written.has_value(), written.error().message);
  const auto synced = file.sync();
  CHECK(synced.has_value(), synced.error().message);
}

// The file gets its name when its header and its first frame are durable: a half-made segment does
// not exist. Until then nothing of the entry can ever be found, so an error is a refusal.
Result<void> SegmentWriter::begin_segment() {
  auto file = spare_.take(new_segment_bytes_);
  if (!file) return file.error();
  const SegmentHeader header{new_segment_id_, sequence_ + 1, number_};
  const auto written = (*file)->write(0, encode_segment_header(header));
  if (!written) return written;
  write_frame(**file, segment_header_bytes);
  const auto renamed =
      disk_.rename(spare_.path(), directory_ + "/" + segment_name(header.sequence));
  if (!renamed) return renamed;
  const auto named = disk_.sync_directory(directory_);
  CHECK(named.has_value(), named.error().message);

  current_ = std::move(*file);
  current_id_ = header.id;
  sequence_ = header.sequence;
  capacity_ = new_segment_bytes_;
  tail_ = segment_header_bytes + frame_bytes(payload_bytes_);
  spare_asked_ = false;
  begun_ = SegmentFound{header.sequence, header.first};
  return {};
}

std::string_view SegmentWriter::payload() const {
  return {frame_.data() + frame_header_bytes, payload_bytes_};
}

void SegmentWriter::make_spare_ready() {
  if (spare_asked_ || (current_ && tail_ <= capacity_ / 2)) return;
  spare_asked_ = true;
  spare_.prepare(segment_bytes_);
}

}  // namespace yallchat
