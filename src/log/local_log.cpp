#include "log/local_log.h"

#include <spdlog/spdlog.h>

#include <algorithm>

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
      writer_({options_.disk, options_.random, options_.directory, options_.segment_bytes,
               options_.background}),
      choice_(options_.commit),
      removal_(options_.background),
      committing_(options_.commit_thread) {}

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

  CHECK(options.commit == CommitMode::inline_always || options.commit_thread,
        "who commits by a thread has one");
  std::unique_ptr<LocalLog> log(new LocalLog(std::move(options)));
  const auto started = log->start(std::move(*found));
  if (!started) return started.error();
  return log;
}

Result<void> LocalLog::start(LogFound found) {
  last_ = replay_to_ = found.last;
  delivered_ = options_.opened_after;
  if (found.segments.empty()) {
    writer_.make_spare_ready();
    return {};
  }
  const auto cut = cut_tail(found);
  if (!cut) return cut;
  segments_.assign(found.segments.begin(), found.segments.end());
  writer_.begin_after(segments_.back().sequence);
  const auto copied = copy_last(found);
  if (!copied) return copied;
  segments_.push_back(*writer_.take_begun());
  return {};
}

// The last entry may never have left the page cache, so it is told to nobody before it stands,
// synced, in a new segment. On a full disk that segment has no room for more, and appends are
// refused until it has.
Result<void> LocalLog::copy_last(const LogFound& found) {
  const std::uint64_t least = segment_header_bytes + frame_bytes(found.last_payload.size());
  writer_.prepare(found.last, found.last_payload,
                  std::max<std::uint64_t>(options_.segment_bytes, least));
  const auto copied = writer_.commit();
  if (copied || copied.error().code != Errc::full) return copied;
  writer_.prepare(found.last, found.last_payload, least);
  return writer_.commit();
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

void LocalLog::append(std::string_view entry) {
  CHECK(!in_flight_, "one append is in flight at a time");
  CHECK(!entry.empty() && entry.size() <= limits::entry_bytes,
        "an entry of " + std::to_string(entry.size()) + " bytes");
  in_flight_ = true;
  writer_.prepare(last_.next(), entry);
  if (choice_.by_thread())
    committing_.start([this] { commit(); });
  else
    commit();
}

void LocalLog::commit() {
  const auto began = std::chrono::steady_clock::now();
  auto committed = writer_.commit();
  commit_time_ = std::chrono::steady_clock::now() - began;
  outcome_ = std::move(committed);
}

// What the thread has not begun is done here.
void LocalLog::finish() {
  committing_.finish();
  if (in_flight_ && !outcome_) commit();
}

void LocalLog::deliver(Receiver& receiver) {
  if (delivered_ < replay_to_) replay(receiver);
  if (!in_flight_ || committing_.busy()) return;
  CHECK(outcome_.has_value(), "a commit that has ended has an outcome");
  const Result<void> outcome = *std::exchange(outcome_, std::nullopt);
  choice_.took(commit_time_);
  if (!outcome) {
    in_flight_ = false;
    receiver.on_refused(outcome.error());
    return;
  }
  if (const auto begun = writer_.take_begun()) segments_.push_back(*begun);
  writer_.make_spare_ready();
  last_ = delivered_ = last_.next();
  receiver.on_entry(last_, writer_.payload(), true);
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
