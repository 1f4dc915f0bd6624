// The power goes at every change that a life of the log makes to the disk, and what was not synced
// stays in part: the log always opens again, and holds all that was acknowledged.
#include <gtest/gtest.h>

#include "log/fake_disk.h"
#include "log/local_log.h"
#include "log/log_testing.h"

namespace yallchat {
namespace {

struct Life {
  std::uint64_t known = 0;  // entries that were acknowledged in this life or found at its beginning
  std::uint64_t possible = 0;  // with the append that the power cut met
};

// Opens, checks what is there, appends over two rolls and trims; the power may go anywhere in it.
void live(FakeDisk& disk, Random& random, std::uint64_t position, Life& life) {
  auto log = LocalLog::open(small_log(disk, random, 4400, Index(position)));
  if (!log && disk.is_off()) return;
  ASSERT_TRUE(log) << log.error().message;
  Remembered heard;
  (*log)->deliver(heard);
  const std::uint64_t last = (*log)->last().value;
  ASSERT_GE(last, life.known);
  ASSERT_LE(last, life.possible);
  ASSERT_EQ(heard.entries, entry_texts(position + 1, last));
  life.known = life.possible = last;
  for (int i = 0; i < 7; ++i) {
    life.possible = life.known + 1;
    append_some(**log, 1, heard);
    life.known = (*log)->last().value;
  }
  (*log)->trim(Index(position));
}

void live_until_cut(FakeDisk& disk, Random& random, std::uint64_t position, Life& life) {
  try {
    live(disk, random, position, life);
  } catch (const FakeDisk::PowerCut&) {
  }
}

std::uint64_t changes_of_a_life(const std::map<std::string, std::string>& files,
                                std::uint64_t position, Life life) {
  FakeDisk disk;
  SeededRandom random{7};
  for (const auto& [path, content] : files) disk.put(path, content);
  live(disk, random, position, life);
  return disk.changes;
}

// A log with a past: entries, some trimmed segments, ended by a crash of the process only.
std::map<std::string, std::string> a_past() {
  FakeDisk disk;
  SeededRandom random{8};
  auto log = LocalLog::open(small_log(disk, random)).value();
  Remembered heard;
  append_some(*log, 16, heard);
  return disk.files();
}

TEST(PowerLoss, AtAnyMomentOfALifeAndOfTheNextLosesNothingThatWasAcknowledged) {
  Warnings warnings;
  const auto past = a_past();
  const std::uint64_t position = 14;
  const std::uint64_t changes = changes_of_a_life(past, position, {16, 16});
  ASSERT_GT(changes, 30u);
  for (std::uint64_t first_cut = 0; first_cut < changes; ++first_cut) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      SCOPED_TRACE("cut at " + std::to_string(first_cut) + ", seed " + std::to_string(seed));
      std::mt19937_64 chance(seed);
      FakeDisk disk;
      SeededRandom random{seed};
      for (const auto& [path, content] : past) disk.put(path, content);
      Life life{16, 16};
      disk.cut_after = first_cut;
      live_until_cut(disk, random, position, life);
      ASSERT_FALSE(HasFatalFailure());
      disk.power_on(chance);
      // And again, most likely while it recovers.
      disk.changes = 0;
      disk.cut_after = chance() % 24;
      live_until_cut(disk, random, position, life);
      ASSERT_FALSE(HasFatalFailure());
      disk.power_on(chance);
      live(disk, random, position, life);
      ASSERT_FALSE(HasFatalFailure());
    }
  }
}

TEST(PowerLoss, AtAnyMomentOfTheVeryFirstLifeLeavesALogThatOpens) {
  Warnings warnings;
  const std::uint64_t changes = changes_of_a_life({}, 0, {});
  for (std::uint64_t cut = 0; cut < changes; ++cut) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      SCOPED_TRACE("cut at " + std::to_string(cut) + ", seed " + std::to_string(seed));
      std::mt19937_64 chance(seed);
      FakeDisk disk;
      SeededRandom random{seed};
      Life life;
      disk.cut_after = cut;
      live_until_cut(disk, random, 0, life);
      disk.power_on(chance);
      live(disk, random, 0, life);
      ASSERT_FALSE(HasFatalFailure());
    }
  }
}

TEST(PowerLoss, AfterARestartTheEntryThatWasOnlyCachedIsDurable) {
  // The process dies between write and sync; the next one reads the entry from the page cache and
  // acts on it.
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    std::mt19937_64 chance(seed);
    FakeDisk disk;
    SeededRandom random{seed};
    Remembered heard;
    {
      auto log = LocalLog::open(small_log(disk, random)).value();
      append_some(*log, 2, heard);
      // What the crash at the sync of the third leaves: the bytes are cached, no more.
      disk.changes = 0;
      disk.cut_after = 1;
      EXPECT_THROW(log->append(entry_text(3)), FakeDisk::PowerCut);
    }
    disk.process_restarts();
    auto log = LocalLog::open(small_log(disk, random)).value();
    Remembered told;
    log->deliver(told);
    ASSERT_EQ(told.entries, entry_texts(1, 3));
    disk.power_on(chance);
    log = LocalLog::open(small_log(disk, random)).value();
    Remembered after;
    log->deliver(after);
    ASSERT_EQ(after.entries, entry_texts(1, 3)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace yallchat
