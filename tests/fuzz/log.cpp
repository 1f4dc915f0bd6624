// A log's files: any that a disk may hold, made by a little program.
//
// Bytes alone would never have a checksum that is right, so the input says what to write: segments,
// of frames that are right, out of order, damaged or of another segment, and of other bytes; then
// what happens to the files (log_files.h). The log is opened on them, and what it delivers is
// looked for in the files by a second reader of the format, which computes each checksum itself
// (docs/formats/log.md).
#include <spdlog/spdlog.h>

#include "base/check.h"
#include "fuzz.h"
#include "log/fake_disk.h"
#include "log/local_log.h"
#include "log/log_testing.h"
#include "log_files.h"

namespace yallchat {
namespace {

Result<std::unique_ptr<LocalLog>> open(FakeDisk& disk, Index opened_after) {
  static SeededRandom random{7};
  return LocalLog::open(small_log(disk, random, 4400, opened_after));
}

Remembered delivered_by(LocalLog& log) {
  Remembered heard;
  log.deliver(heard);
  return heard;
}

void check_delivered(const Remembered& heard, const FrameSet& frames, Index opened_after) {
  Index expected = opened_after;
  for (std::size_t i = 0; i < heard.entries.size(); ++i) {
    expected = expected.next();
    CHECK(heard.numbers[i] == expected, "entries come one after the other");
    CHECK(frames.contains({expected.value, heard.entries[i]}),
          "an entry stands in the files, with its number and its checksum");
  }
}

void check_log(const LogScript& script) {
  FakeDisk disk;
  for (const auto& [name, content] : script.files) disk.put("log/" + name, content);
  const FrameSet frames = frames_in(script.files);
  auto log = open(disk, script.opened_after);
  if (!log) {
    CHECK(log.error().code == Errc::damaged || log.error().code == Errc::unsupported,
          "one of the two reasons");
    CHECK(is_clean(log.error().message) && !log.error().message.empty(), "in words");
    CHECK(!script.sound, "what was written in order and not damaged is opened");
    return;
  }
  const Index last = (*log)->last();
  CHECK(last >= script.opened_after, "the log reaches the store's position");
  for (const auto& [number, payload] : frames)
    CHECK(number <= last.value, "no entry that can be read is passed over");
  Remembered before = delivered_by(**log);
  check_delivered(before, frames, script.opened_after);
  CHECK(before.entries.size() == last.value - script.opened_after.value, "all are delivered");

  (*log)->append("one more");
  CHECK(delivered_by(**log).entries == std::vector<std::string>{"one more"}, "it goes on");
  log->reset();
  log = open(disk, script.opened_after);
  CHECK(log.has_value(), "what was repaired is opened again");
  before.entries.emplace_back("one more");
  CHECK(delivered_by(**log).entries == before.entries, "with the same entries and the new one");
}

}  // namespace
}  // namespace yallchat

int fuzz_log(const std::uint8_t* data, std::size_t size) {
  spdlog::set_level(spdlog::level::off);  // each torn tail is a warning
  yallchat::check_log(yallchat::read_log_script(yallchat::text_of_input(data, size)));
  return 0;
}
