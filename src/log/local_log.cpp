#include "log/local_log.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"
#include "log/format.h"
#include "log/segment_reader.h"

namespace yallchat {
namespace {

constexpr std::string_view trimmed_suffix = ".trimmed";
// A large file is cut down in steps before it is removed: at once, it made appends meanwhile wait
// 15 ms.
constexpr std::uint64_t removal_step_bytes = limits::MiB;

Index before(Index index) {
  return Index(index.value - 1);
}

// What a crash may have left behind and no log needs.
Result<void> remove_leftovers(Disk& disk, const std::string& directory,
                              const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (name != SpareSegment::name && !name.ends_with(trimmed_suffix)) continue;
    const auto removed = disk.remove(directory + "/" + name);
    if (!removed) return removed;
  }
  return {};
}

Error missing(const std::string& directory, const std::string& what, Index position) {
  return {Errc::damaged, "the log in " + directory + " " + what + " the store's position " +
                             std::to_string(position.value)};
}

// The log has to hold what comes after the position, and nothing may be lost before it.
Result<void> check_reaches(const LogFound& found, const std::string& directory, Index position) {
  if (!found.segments.empty() && found.segments.front().first > position.next())
    return missing(directory,
                   "begins with entry " + std::to_string(found.segments.front().first.value) +
                       ", beyond what follows",
                   position);
  if (found.last < position)
    return missing(directory, "ends at " + std::to_string(found.last.value) + ", before", position);
  return {};
}

void shrink_and_remove(Disk& disk, const std::string& path) {
  if (const auto file = disk.open(path)) {
    const auto size = (*file)->size();
    std::uint64_t left = size ? *size : 0;
    while (left > 0) {
      left -= std::min(left, removal_step_bytes);
      if (!(*file)->truncate(left)) break;
    }
  }
  const auto removed = disk.remove(path);
  if (!removed)
    spdlog::warn("a trimmed segment stays until the next start: {}", removed.error().message);
}

}  // namespace

LocalLog::LocalLog(Options options)
    : options_(std::move(options)),
      spare_(options_.disk, options_.directory, options_.background),
      removal_(options_.background) {}

Result<std::unique_ptr<LocalLog>> LocalLog::open(Options options) {
  Disk& disk = options.disk;
  const auto made = disk.make_directory(options.directory);
  if (!made) return made.error();
  const auto names = disk.list(options.directory);
  if (!names) return names.error();
  auto found = scan_log(disk, options.directory, *names);
  if (!found) return found.error();
  const auto reaches = check_reaches(*found, options.directory, options.opened_after);
  if (!reaches) return reaches.error();
  const auto removed = remove_leftovers(disk, options.directory, *names);
  if (!removed) return removed.error();

  std::unique_ptr<LocalLog> log(new LocalLog(std::move(options)));
  const auto started = log->start(std::move(*found));
  if (!started) return started.error();
  return log;
}

Result<void> LocalLog::start(LogFound found) {
  last_ = replay_to_ = found.last;
  delivered_ = options_.opened_after;
  if (found.segments.empty()) {
    spare_.prepare(options_.segment_bytes);
    return {};
  }
  const auto cut = cut_tail(found);
  if (!cut) return cut;
  segments_.assign(found.segments.begin(), found.segments.end());

  // The last entry may never have left the page cache, so it is told to nobody before it stands,
  // synced, in a new segment. On a full disk that segment has no room for more, and appends are
  // refused until it has.
  const std::uint64_t least = segment_header_bytes + frame_bytes(found.last_payload.size());
  auto begun = begin_segment(found.last, found.last_payload,
                             std::max<std::uint64_t>(options_.segment_bytes, least));
  if (!begun && begun.error().code == Errc::full)
    begun = begin_segment(found.last, found.last_payload, least);
  return begun;
}

Result<void> LocalLog::cut_tail(const LogFound& found) {
  if (found.end == found.size) return {};
  const std::string file_path = path(segment_name(found.segments.back().sequence));
  if (found.torn_bytes > 0)
    spdlog::warn("{} at offset {}: cut a torn entry of {} bytes, which would have been entry {}",
                 file_path, found.end, found.torn_bytes, found.last.value + 1);
  auto file = options_.disk.open(file_path);
  if (!file) return file.error();
  const auto cut = (*file)->truncate(found.end);
  if (!cut) return cut;
  return (*file)->sync();
}

LocalLog::~LocalLog() {
  // Only zeros are behind the tail, so it does not matter whether this becomes durable.
  if (current_) static_cast<void>(current_->truncate(tail_));
}

void LocalLog::append(std::string_view entry) {
  CHECK(!in_flight_, "one append is in flight at a time");
  CHECK(!entry.empty() && entry.size() <= limits::entry_bytes,
        "an entry of " + std::to_string(entry.size()) + " bytes");
  const std::size_t size = frame_bytes(entry.size());
  CHECK(segment_header_bytes + size <= options_.segment_bytes, "a segment holds the entry");
  in_flight_ = true;
  if (current_ && tail_ + size <= capacity_) {
    write_frame(*current_, current_id_, tail_, last_.next(), entry);
    tail_ += size;
  } else if (auto begun = begin_segment(last_.next(), entry, options_.segment_bytes); !begun) {
    refused_ = begun.error();
    return;
  }
  last_ = last_.next();
  if (tail_ > capacity_ / 2 && !spare_asked_) {
    spare_asked_ = true;
    spare_.prepare(options_.segment_bytes);
  }
}

void LocalLog::write_frame(File& file, std::uint64_t segment_id, std::uint64_t offset, Index number,
                           std::string_view payload) {
  const std::size_t size = frame_bytes(payload.size());
  if (frame_.size() < size) frame_.resize(size);
  encode_frame(segment_id, number, before(number), payload, frame_);
  payload_bytes_ = payload.size();
  const auto written = file.write(offset, {frame_.data(), size});
  CHECK(written.has_value(), written.error().message);
  const auto synced = file.sync();
  CHECK(synced.has_value(), synced.error().message);
}

// The file gets its name when its header and its first frame are durable: a half-made segment does
// not exist. Until then nothing of the entry can ever be found, so an error is a refusal.
Result<void> LocalLog::begin_segment(Index number, std::string_view payload, std::uint64_t bytes) {
  auto file = spare_.take(bytes);
  if (!file) return file.error();
  SegmentHeader header;
  std::array<std::uint8_t, sizeof header.id> id;
  options_.random.fill(id);
  std::memcpy(&header.id, id.data(), sizeof header.id);
  header.sequence = segments_.empty() ? 1 : segments_.back().sequence + 1;
  header.first = number;
  const auto written = (*file)->write(0, encode_segment_header(header));
  if (!written) return written;
  write_frame(**file, header.id, segment_header_bytes, number, payload);
  const auto renamed = options_.disk.rename(spare_.path(), path(segment_name(header.sequence)));
  if (!renamed) return renamed;
  const auto named = options_.disk.sync_directory(options_.directory);
  CHECK(named.has_value(), named.error().message);

  segments_.push_back({header.sequence, number});
  current_ = std::move(*file);
  current_id_ = header.id;
  capacity_ = bytes;
  tail_ = segment_header_bytes + frame_bytes(payload.size());
  spare_asked_ = false;
  return {};
}

void LocalLog::deliver(Receiver& receiver) {
  if (delivered_ < replay_to_) replay(receiver);
  if (!in_flight_) return;
  if (refused_) {
    const Error reason = *std::exchange(refused_, std::nullopt);
    in_flight_ = false;
    receiver.on_refused(reason);
    return;
  }
  delivered_ = last_;
  receiver.on_entry(last_, {frame_.data() + frame_header_bytes, payload_bytes_}, true);
  in_flight_ = false;
}

void LocalLog::replay(Receiver& receiver) {
  for (std::size_t i = 0; i < segments_.size() && delivered_ < replay_to_; ++i) {
    // An entry that two segments hold is read from the later, where it was synced.
    const Index end = i + 1 < segments_.size() ? before(segments_[i + 1].first) : replay_to_;
    if (end <= delivered_) continue;
    auto reader = SegmentReader::open(options_.disk, options_.directory, segments_[i].sequence);
    CHECK(reader.has_value(), reader.error().message);
    while (delivered_ < std::min(end, replay_to_)) {
      const std::uint64_t offset = reader->offset();
      const auto frame = reader->next();
      CHECK(frame.has_value(), frame.error().message);
      CHECK(frame->has_value(), reader->path() + " at offset " + std::to_string(offset) +
                                    ": damaged since the log was opened");
      if ((*frame)->number <= delivered_) continue;
      delivered_ = (*frame)->number;
      receiver.on_entry(delivered_, (*frame)->payload, false);
    }
  }
}

void LocalLog::trim(Index checkpointed) {
  CHECK(checkpointed <= last_, "the store cannot hold more than the log");
  if (removal_.busy()) return;
  // The first segment that holds what follows, and the one before it, stay.
  std::vector<std::string> removable;
  while (segments_.size() > 2 && segments_[2].first <= checkpointed.next()) {
    const auto aside = set_aside(segments_.front());
    if (!aside) {
      spdlog::warn("the log is not trimmed: {}", aside.error().message);
      break;
    }
    removable.push_back(path(segment_name(segments_.front().sequence)) +
                        std::string(trimmed_suffix));
    segments_.pop_front();
  }
  if (removable.empty()) return;
  removal_.start([&disk = options_.disk, removable = std::move(removable)] {
    for (const std::string& file_path : removable) shrink_and_remove(disk, file_path);
  });
}

// Out of the log by its name, durably and before the next, so that what is left is gapless at every
// moment.
Result<void> LocalLog::set_aside(const SegmentFound& segment) {
  const std::string from = path(segment_name(segment.sequence));
  const auto renamed = options_.disk.rename(from, from + std::string(trimmed_suffix));
  if (!renamed) return renamed;
  const auto synced = options_.disk.sync_directory(options_.directory);
  CHECK(synced.has_value(), synced.error().message);
  return {};
}

}  // namespace yallchat
