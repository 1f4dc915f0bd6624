// A log file cut short at every length, and with a bit flipped at every place: what was durable is
// delivered, or the log refuses to open and says where. Nothing is ever passed over in silence.
#include <gtest/gtest.h>

#include "log/fake_disk.h"
#include "log/format.h"
#include "log/local_log.h"
#include "log/log_testing.h"

namespace yallchat {
namespace {

using Files = std::map<std::string, std::string>;

std::unique_ptr<FakeDisk> disk_with(const Files& files) {
  auto disk = std::make_unique<FakeDisk>();
  for (const auto& [path, content] : files) disk->put(path, content);
  return disk;
}

Result<std::unique_ptr<LocalLog>> open(FakeDisk& disk, Index opened_after = Index(0)) {
  static SeededRandom random{2};
  return LocalLog::open(small_log(disk, random, 4400, opened_after));
}

std::vector<std::string> delivered_by(LocalLog& log) {
  Remembered heard;
  log.deliver(heard);
  return heard.entries;
}

// A log as a crash leaves it: nothing given back, the last segment with room.
Files crashed_log(std::uint64_t entries) {
  FakeDisk disk;
  SeededRandom random{3};
  auto log = LocalLog::open(small_log(disk, random)).value();
  Remembered heard;
  append_some(*log, entries, heard);
  auto files = disk.files();
  files.erase("log/spare");
  return files;
}

// Where each frame of the segment ends.
std::vector<std::size_t> frame_ends(const std::string& segment) {
  const auto header = decode_segment_header(segment).value();
  std::vector<std::size_t> ends;
  std::size_t at = segment_header_bytes;
  while (at + frame_header_bytes <= segment.size()) {
    const auto size = frame_bytes_at(header.id, std::string_view(segment).substr(at));
    if (!size) break;
    ends.push_back(at += *size);
  }
  return ends;
}

constexpr std::uint64_t entries_in_all = 9;  // three segments of three

TEST(LogDamage, ALastFileCutAtAnyLengthKeepsAllCompleteEntriesOrRefuses) {
  const Files files = crashed_log(entries_in_all);
  ASSERT_EQ(files.size(), 3u);
  const auto& [path, whole] = *files.rbegin();
  const auto ends = frame_ends(whole);
  ASSERT_EQ(ends.size(), 3u);
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    SCOPED_TRACE(length);
    auto cut = files;
    cut[path].resize(length);
    const auto disk = disk_with(cut);
    Warnings warnings;
    auto log = open(*disk);
    if (length < ends.front()) {
      // The first entry of a segment was durable before the file had its name: no crash takes it
      // away.
      ASSERT_FALSE(log);
      EXPECT_EQ(log.error().code, Errc::damaged);
      EXPECT_NE(log.error().message.find(path + " at offset "), std::string::npos)
          << log.error().message;
      continue;
    }
    ASSERT_TRUE(log) << log.error().message;
    std::uint64_t complete = entries_in_all - ends.size();
    bool torn = length < ends.back();
    for (const std::size_t end : ends) {
      complete += end <= length;
      torn = torn && end != length;
    }
    EXPECT_EQ(delivered_by(**log), entry_texts(1, complete));
    EXPECT_EQ(warnings.text().find("cut a torn entry") != std::string::npos, torn)
        << warnings.text();
    EXPECT_EQ(warnings.text().find(path + " at offset ") != std::string::npos, torn);
    Remembered heard;
    append_some(**log, 4, heard);
    log->reset();

    Warnings second;
    log = open(*disk);
    ASSERT_TRUE(log) << log.error().message;
    EXPECT_EQ(delivered_by(**log), entry_texts(1, complete + 4));
    EXPECT_EQ(second.text(), "") << "the torn entry is met once";
  }
}

TEST(LogDamage, ATailOfAnyBytesThatNoFrameFollowsIsCut) {
  const Files files = crashed_log(entries_in_all - 1);
  const auto& [path, whole] = *files.rbegin();
  const std::size_t end = frame_ends(whole).back();
  for (const std::size_t garbage : {1, 7, 8, 31, 32, 33, 60}) {
    auto torn = files;
    for (std::size_t i = 0; i < garbage; ++i) torn[path][end + i] = static_cast<char>(i * 7 + 1);
    const auto disk = disk_with(torn);
    Warnings warnings;
    auto log = open(*disk);
    ASSERT_TRUE(log) << log.error().message;
    EXPECT_EQ(delivered_by(**log), entry_texts(1, entries_in_all - 1));
    EXPECT_NE(warnings.text().find(path + " at offset " + std::to_string(end) +
                                   ": cut a torn entry of " + std::to_string(garbage) + " bytes"),
              std::string::npos)
        << warnings.text();
  }
}

TEST(LogDamage, ALogThatEndsBeforeTheStoresPositionIsRefusedInWords) {
  auto files = crashed_log(entries_in_all);
  auto& last = files.rbegin()->second;
  last.resize(frame_ends(last)[1] + 5);
  const auto disk = disk_with(files);
  const auto log = open(*disk, Index(entries_in_all));
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, Errc::damaged);
  EXPECT_NE(log.error().message.find("ends at 8, before the store's position 9"), std::string::npos)
      << log.error().message;
  EXPECT_EQ(disk->files(), files) << "a log that is refused is left as it was";

  FakeDisk empty;
  const auto none = open(empty, Index(3));
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("ends at 0, before the store's position 3"),
            std::string::npos)
      << none.error().message;
}

TEST(LogDamage, ABitFlippedAnywhereIsNeverPassedOverInSilence) {
  const Files files = crashed_log(entries_in_all);
  const std::string last_path = files.rbegin()->first;
  std::size_t refused = 0, cut = 0;
  for (const auto& [path, whole] : files) {
    const auto ends = frame_ends(whole);
    const std::size_t last_frame = ends.at(ends.size() - 2);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      // Bit by bit where it counts; a byte of padding or of unused room is like another.
      const bool padding = at >= 64 && at < segment_header_bytes;
      for (int bit = 0; bit < (padding ? 1 : 8); ++bit) {
        SCOPED_TRACE(path + " byte " + std::to_string(at) + " bit " + std::to_string(bit));
        auto flipped = files;
        flipped[path][at] = static_cast<char>(flipped[path][at] ^ (1 << bit));
        const auto disk = disk_with(flipped);
        Warnings warnings;
        auto log = open(*disk);
        if (!log) {
          ++refused;
          ASSERT_TRUE(log.error().code == Errc::damaged || log.error().code == Errc::unsupported);
          ASSERT_NE(log.error().message.find(path + " at offset "), std::string::npos)
              << log.error().message;
          continue;
        }
        const auto entries = delivered_by(**log);
        if (entries == entry_texts(1, entries_in_all)) {
          const bool in_use = at < 40 || (at >= segment_header_bytes && at < ends.back());
          ASSERT_FALSE(in_use) << "nobody noticed";
          continue;
        }
        ++cut;
        ASSERT_EQ(entries, entry_texts(1, entries_in_all - 1));
        ASSERT_TRUE(path == last_path && at >= last_frame && at < ends.back());
        ASSERT_NE(warnings.text().find("cut a torn entry"), std::string::npos);
      }
    }
  }
  EXPECT_GT(refused, 1000u);
  EXPECT_GT(cut, 100u);
}

TEST(LogDamage, AMissingSegmentIsAHoleAndNamesTheEntry) {
  auto files = crashed_log(entries_in_all);
  files.erase("log/00000000000000000002.log");
  const auto disk = disk_with(files);
  const auto log = open(*disk);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, Errc::damaged);
  EXPECT_NE(
      log.error().message.find("entry 4 cannot be read, and the next segment begins with entry 7"),
      std::string::npos)
      << log.error().message;
}

TEST(LogDamage, ASegmentUnderAnotherOnesNameIsRefused) {
  auto files = crashed_log(entries_in_all);
  files["log/00000000000000000004.log"] = files["log/00000000000000000003.log"];
  const auto disk = disk_with(files);
  const auto log = open(*disk);
  ASSERT_FALSE(log);
  EXPECT_NE(log.error().message.find("00000000000000000003.log"), std::string::npos);
  EXPECT_NE(log.error().message.find("00000000000000000004.log at offset 0"), std::string::npos);
}

TEST(LogDamage, ANewerFormatIsUnsupported) {
  auto files = crashed_log(entries_in_all);
  files.begin()->second[8] = 2;
  const auto disk = disk_with(files);
  const auto log = open(*disk);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, Errc::unsupported);
}

TEST(LogDamage, AnEntryThatHoldsAFrameIsNotTakenForOne) {
  // The worst that a client can send: a frame right in all but the id, which only the file knows.
  FakeDisk disk;
  SeededRandom random{5};
  auto log = LocalLog::open(small_log(disk, random, 8192)).value();
  Remembered heard;
  append_some(*log, 2, heard);
  std::string forged(frame_bytes(4), '\0');
  encode_frame(0, Index(9), Index(8), "evil", forged);
  log->append(std::string(8, ' ') + forged + forged);
  log->deliver(heard);
  auto files = disk.files();
  files.erase("log/spare");
  auto& segment = files.begin()->second;
  segment[frame_ends(segment).back() - 1] ^= 1;

  const auto torn = disk_with(files);
  Warnings warnings;
  auto reopened = open(*torn);
  ASSERT_TRUE(reopened) << reopened.error().message;
  EXPECT_EQ(delivered_by(**reopened), entry_texts(1, 2));
}

}  // namespace
}  // namespace yallchat
