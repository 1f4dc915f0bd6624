#include "log/spare_segment.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"

namespace yallchat {
namespace {

constexpr std::uint64_t background_piece_bytes = 256 * limits::KiB;
constexpr std::uint64_t write_bytes = limits::MiB;

Result<void> fill_with_zeros(File& file, std::uint64_t bytes, std::uint64_t piece_bytes) {
  const auto allocated = file.allocate(bytes);
  if (!allocated) return allocated;
  const std::string zeros(std::min({bytes, piece_bytes, write_bytes}), '\0');
  std::uint64_t unsynced = 0;
  for (std::uint64_t at = 0; at < bytes;) {
    const std::uint64_t now = std::min<std::uint64_t>(zeros.size(), bytes - at);
    const auto written = file.write(at, std::string_view(zeros).substr(0, now));
    if (!written) return written;
    at += now;
    unsynced += now;
    if (unsynced < piece_bytes && at < bytes) continue;
    unsynced = 0;
    const auto synced = file.sync();
    // Nothing is in this file yet, so a disk found full only here loses nothing; a sync that fails
    // otherwise says that the device is not to be trusted any more.
    const bool trusted = synced || synced.error().code == Errc::full;
    CHECK(trusted, synced.error().message);
    if (!synced) return synced;
  }
  return {};
}

}  // namespace

SpareSegment::SpareSegment(Disk& disk, const std::string& directory, RunInBackground background)
    : disk_(disk), path_(directory + "/" + name), job_(std::move(background)) {}

SpareSegment::~SpareSegment() {
  job_.finish();
  // Should this fail, the next open removes it.
  if (ready_) static_cast<void>(disk_.remove(path_));
}

void SpareSegment::prepare(std::uint64_t bytes) {
  if (job_.busy() || ready_) return;
  job_.start([this, bytes] {
    auto made = make(bytes, background_piece_bytes);
    if (!made) return;
    ready_ = std::move(*made);
    ready_bytes_ = bytes;
  });
}

Result<std::unique_ptr<File>> SpareSegment::take(std::uint64_t bytes) {
  job_.finish();
  if (ready_ && ready_bytes_ >= bytes) return std::move(ready_);
  ready_.reset();
  return make(bytes, bytes);
}

Result<std::unique_ptr<File>> SpareSegment::make(std::uint64_t bytes, std::uint64_t piece_bytes) {
  auto file = disk_.create(path_);
  if (!file) return file;
  const auto filled = fill_with_zeros(**file, bytes, piece_bytes);
  if (filled) return file;
  // What room there is belongs to others meanwhile. Should this fail, the next attempt empties it.
  static_cast<void>(disk_.remove(path_));
  return filled.error();
}

}  // namespace yallchat
