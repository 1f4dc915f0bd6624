// What holds of all logs: any entries, in any segments, closed or crashed, whole or damaged.
#include "base/property_testing.h"
#include "log/fake_disk.h"
#include "log/local_log.h"
#include "log/log_testing.h"

namespace yallchat {
namespace {

using Files = std::map<std::string, std::string>;
using Entries = std::vector<std::string>;

struct Written {
  Files files;
  Entries entries;
};

std::unique_ptr<FakeDisk> disk_with(const Files& files) {
  auto disk = std::make_unique<FakeDisk>();
  for (const auto& [path, content] : files) disk->put(path, content);
  return disk;
}

Result<std::unique_ptr<LocalLog>> open(FakeDisk& disk, std::size_t segment_bytes = 8192) {
  static SeededRandom random{4};
  return LocalLog::open(small_log(disk, random, segment_bytes));
}

// The rest of an entry's bytes are of its number, so that two entries differ.
rc::Gen<Entries> entries(std::size_t least) {
  return rc::gen::exec([least] {
    Entries all;
    const auto count = *rc::gen::inRange<std::size_t>(least, 25);
    for (std::size_t i = 0; i < count; ++i)
      all.push_back(std::to_string(i) + ":" +
                    *rc::gen::scale(4.0, rc::gen::arbitrary<std::string>()));
    return all;
  });
}

// A log of these entries, written by one process after the other, each of which crashed or closed
// it.
Written write(const Entries& all) {
  Written written{{}, all};
  FakeDisk disk;
  std::size_t next = 0;
  while (next < all.size()) {
    auto log = open(disk, *rc::gen::elementOf(std::vector<std::size_t>{5500, 8192})).value();
    Remembered heard;
    log->deliver(heard);
    RC_ASSERT(heard.entries == Entries(all.begin(), all.begin() + static_cast<long>(next)));
    for (auto left = *rc::gen::inRange(1, 12); left > 0 && next < all.size(); --left) {
      log->append(all[next++]);
      log->deliver(heard);
    }
    RC_ASSERT(heard.refused.empty());
    const Files crashed = disk.files();
    log.reset();
    if (*rc::gen::arbitrary<bool>())
      for (const auto& [path, content] : crashed) disk.put(path, content);
  }
  written.files = disk.files();
  written.files.erase("log/spare");
  return written;
}

bool is_prefix(const Entries& part, const Entries& all) {
  return part.size() <= all.size() && std::equal(part.begin(), part.end(), all.begin());
}

RC_GTEST_PROP(LogProperty, WhatWasWrittenIsReadBack, ()) {
  const Written written = write(*entries(0));
  const auto disk = disk_with(written.files);
  const auto log = open(*disk);
  RC_ASSERT(log.has_value());
  Remembered heard;
  (*log)->deliver(heard);
  RC_ASSERT(heard.entries == written.entries);
  RC_ASSERT((*log)->last() == Index(written.entries.size()));
}

RC_GTEST_PROP(LogProperty, ACutLogGivesWhatIsWholeOrIsRefused, ()) {
  Written written = write(*entries(1));
  std::string& last = written.files.rbegin()->second;
  last.resize(*rc::gen::inRange<std::size_t>(0, last.size()));
  Warnings quiet;
  const auto disk = disk_with(written.files);
  const auto log = open(*disk);
  if (!log) {
    RC_ASSERT(log.error().code == Errc::damaged);
    return;
  }
  Remembered heard;
  (*log)->deliver(heard);
  RC_ASSERT(is_prefix(heard.entries, written.entries));
}

RC_GTEST_PROP(LogProperty, AFlippedBitTakesTheLastEntryAtMostOrIsRefused, ()) {
  Written written = write(*entries(1));
  std::vector<std::string> paths;
  for (const auto& [path, content] : written.files) paths.push_back(path);
  std::string& content = written.files[*rc::gen::elementOf(paths)];
  // Of the header most bytes are zeros that say nothing.
  const auto at = *rc::gen::oneOf(rc::gen::inRange<std::size_t>(0, 40),
                                  rc::gen::inRange<std::size_t>(4096, content.size()));
  content[at] ^= static_cast<char>(1 << *rc::gen::inRange(0, 8));
  Warnings quiet;
  const auto disk = disk_with(written.files);
  const auto log = open(*disk);
  RC_CLASSIFY(!log, "refused");
  if (!log) {
    RC_ASSERT((log.error().code == Errc::damaged || log.error().code == Errc::unsupported));
    return;
  }
  Remembered heard;
  (*log)->deliver(heard);
  RC_ASSERT(is_prefix(heard.entries, written.entries));
  RC_ASSERT(heard.entries.size() + 1 >= written.entries.size());
}

}  // namespace
}  // namespace yallchat
