#include "log/local_log.h"

#include <gtest/gtest.h>

#include "log/fake_disk.h"
#include "log/log_testing.h"

namespace yallchat {
namespace {

using Operation = FakeDisk::Operation;

class LocalLogTest : public testing::Test {
 protected:
  std::unique_ptr<LocalLog> open(std::uint64_t opened_after = 0) {
    auto log = LocalLog::open(small_log(disk, random, segment_bytes, Index(opened_after)));
    if (!log) ADD_FAILURE() << log.error().message;
    return log ? std::move(*log) : nullptr;
  }
  std::vector<std::string> segments() {
    std::vector<std::string> names;
    for (const auto& [path, content] : disk.files())
      if (path.ends_with(".log")) names.push_back(path);
    return names;
  }

  FakeDisk disk;
  SeededRandom random{1};
  std::size_t segment_bytes = 4400;  // three entries
};

TEST_F(LocalLogTest, AnEmptyLogHasNothingToDeliverAndCanBeReopened) {
  for (int i = 0; i < 3; ++i) {
    auto log = open();
    Remembered heard;
    log->deliver(heard);
    EXPECT_TRUE(heard.entries.empty());
    EXPECT_EQ(log->last(), Index(0));
  }
}

TEST_F(LocalLogTest, AnAppendedEntryIsDeliveredOnceAsOurOwn) {
  auto log = open();
  Remembered heard;
  EXPECT_TRUE(log->can_append());
  log->append("hello");
  EXPECT_FALSE(log->can_append()) << "its outcome is not told yet";
  log->deliver(heard);
  EXPECT_TRUE(log->can_append());
  log->deliver(heard);
  EXPECT_EQ(heard.entries, std::vector<std::string>{"hello"});
  EXPECT_EQ(heard.numbers, std::vector<Index>{Index(1)});
  EXPECT_EQ(heard.own, std::vector<bool>{true});
  EXPECT_EQ(log->last(), Index(1));
}

TEST_F(LocalLogTest, AReopenedLogDeliversWhatItHoldsAcrossManySegmentsAndGoesOn) {
  {
    auto log = open();
    Remembered heard;
    append_some(*log, 50, heard);
    EXPECT_EQ(heard.entries, entry_texts(1, 50));
  }
  EXPECT_GT(segments().size(), 10u);
  auto log = open();
  Remembered heard;
  log->deliver(heard);
  EXPECT_EQ(heard.entries, entry_texts(1, 50));
  EXPECT_EQ(heard.own, std::vector<bool>(50, false));
  append_some(*log, 5, heard);
  EXPECT_EQ(heard.entries, entry_texts(1, 55));
  EXPECT_EQ(heard.numbers.back(), Index(55));
}

TEST_F(LocalLogTest, DeliveryBeginsAfterThePositionItWasOpenedAt) {
  {
    auto log = open();
    Remembered heard;
    append_some(*log, 20, heard);
  }
  for (std::uint64_t position = 0; position <= 20; ++position) {
    auto log = open(position);
    Remembered heard;
    log->deliver(heard);
    EXPECT_EQ(heard.entries, entry_texts(position + 1, 20)) << position;
  }
}

TEST_F(LocalLogTest, AnEntryAppendedBeforeTheFirstDeliveryComesAfterTheOldOnes) {
  {
    auto log = open();
    Remembered heard;
    append_some(*log, 7, heard);
  }
  auto log = open();
  Remembered heard;
  log->append(entry_text(8));
  log->deliver(heard);
  EXPECT_EQ(heard.entries, entry_texts(1, 8));
  EXPECT_TRUE(heard.own.back());
  EXPECT_FALSE(heard.own.front());
}

TEST_F(LocalLogTest, TheLargestEntryFits) {
  segment_bytes = 2 * limits::entry_bytes;
  const std::string largest(limits::entry_bytes, 'x');
  {
    auto log = open();
    Remembered heard;
    for (int i = 0; i < 5; ++i) {
      log->append(largest);
      log->deliver(heard);
    }
  }
  auto log = open();
  Remembered heard;
  log->deliver(heard);
  EXPECT_EQ(heard.entries, std::vector<std::string>(5, largest));
}

TEST_F(LocalLogTest, ACleanStopGivesBackWhatWasAllocatedAhead) {
  segment_bytes = limits::MiB;
  {
    auto log = open();
    Remembered heard;
    append_some(*log, 3, heard);
    EXPECT_EQ(disk.content(segments().front()).size(), segment_bytes);
  }
  ASSERT_EQ(disk.files().size(), 1u) << "no spare is left";
  EXPECT_LT(disk.content(segments().front()).size(), 8192u);
}

TEST_F(LocalLogTest, TheNextSegmentIsPreparedBeforeItIsNeeded) {
  auto log = open();
  Remembered heard;
  append_some(*log, 3, heard);
  ASSERT_TRUE(disk.exists("log/spare"));
  std::size_t created = 0;
  disk.fault = [&](Operation operation, const std::string&) -> std::optional<Error> {
    created += operation == Operation::create || operation == Operation::allocate;
    return std::nullopt;
  };
  append_some(*log, 1, heard);
  EXPECT_EQ(segments().size(), 2u);
  EXPECT_EQ(created, 2u)
      << "only the one after: the first entry is past half of so small a segment";
}

TEST_F(LocalLogTest, AWorkerThatNeverComesDelaysNothing) {
  auto options = small_log(disk, random);
  std::vector<std::function<void()>> never;
  options.background = [&](std::function<void()> work) { never.push_back(std::move(work)); };
  {
    auto log = LocalLog::open(options);
    ASSERT_TRUE(log);
    Remembered heard;
    append_some(**log, 20, heard);
    (*log)->trim(Index(20));
    EXPECT_EQ(heard.entries, entry_texts(1, 20));
  }
  EXPECT_FALSE(never.empty());
  const auto left = disk.files();
  for (const auto& work : never) work();
  EXPECT_EQ(disk.files(), left) << "the log is gone, and its work with it";
}

TEST_F(LocalLogTest, TrimKeepsOneSegmentMoreThanNeeded) {
  auto log = open();
  Remembered heard;
  append_some(*log, 30, heard);
  const auto all = segments();
  const std::size_t a_segment = 3;
  for (std::uint64_t checkpointed = 0; checkpointed <= 30; ++checkpointed) {
    log->trim(Index(checkpointed));
    // The segment of checkpointed + 1 is needed, the one before it is the one more.
    const std::size_t needed = std::min(checkpointed / a_segment, all.size() - 1);
    const std::size_t gone = needed > 0 ? needed - 1 : 0;
    EXPECT_EQ(segments(),
              std::vector<std::string>(all.begin() + static_cast<std::ptrdiff_t>(gone), all.end()))
        << checkpointed;
  }
  for (const auto& [path, content] : disk.files()) EXPECT_FALSE(path.ends_with(".trimmed")) << path;
}

TEST_F(LocalLogTest, ATrimmedLogReopensAtThePositionItWasTrimmedFor) {
  {
    auto log = open();
    Remembered heard;
    append_some(*log, 30, heard);
    log->trim(Index(20));
  }
  {
    auto log = open(20);
    Remembered heard;
    log->deliver(heard);
    EXPECT_EQ(heard.entries, entry_texts(21, 30));
  }
  const auto early = LocalLog::open(small_log(disk, random, segment_bytes, Index(10)));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, Errc::damaged);
  EXPECT_NE(early.error().message.find("the store's position 10"), std::string::npos)
      << early.error().message;
}

TEST_F(LocalLogTest, LeftoversOfACrashAreRemovedAtTheNextOpen) {
  disk.put("log/spare", "half made");
  disk.put("log/00000000000000000001.log.trimmed", "half removed");
  disk.put("log/notes.txt", "not ours");
  auto log = open();
  EXPECT_FALSE(disk.exists("log/00000000000000000001.log.trimmed"));
  EXPECT_TRUE(disk.exists("log/notes.txt"));
  Remembered heard;
  append_some(*log, 10, heard);
  EXPECT_EQ(heard.entries, entry_texts(1, 10));
}

TEST_F(LocalLogTest, AFullDiskRefusesTheEntryWholeAndTakesItWhenThereIsRoom) {
  disk.capacity_bytes = 2 * segment_bytes;
  auto log = open();
  Remembered heard;
  while (heard.refused.empty()) append_some(*log, 1, heard);
  EXPECT_EQ(heard.refused.front().code, Errc::full);
  const std::uint64_t taken = log->last().value;
  EXPECT_EQ(taken, 6u) << "two segments";
  EXPECT_TRUE(log->can_append());
  append_some(*log, 1, heard);
  EXPECT_EQ(heard.refused.size(), 2u);
  EXPECT_FALSE(disk.exists("log/spare")) << "half a segment would only take room from others";

  disk.capacity_bytes *= 2;
  append_some(*log, 3, heard);
  EXPECT_EQ(heard.refused.size(), 2u);
  EXPECT_EQ(heard.entries, entry_texts(1, taken + 3)) << "a refused entry has no number";
  log.reset();
  log = open();
  Remembered again;
  log->deliver(again);
  EXPECT_EQ(again.entries, heard.entries);
}

TEST_F(LocalLogTest, ASyncThatFindsTheDiskFullWhileASegmentIsMadeRefusesToo) {
  auto log = open();
  disk.fault = [](Operation operation, const std::string& path) -> std::optional<Error> {
    if (operation != Operation::sync || !path.ends_with("spare")) return std::nullopt;
    return Error{Errc::full, path + ": quota exceeded"};
  };
  log.reset();
  log = open();
  Remembered heard;
  append_some(*log, 1, heard);
  ASSERT_EQ(heard.refused.size(), 1u);
  EXPECT_EQ(heard.refused.front().code, Errc::full);
  disk.fault = nullptr;
  append_some(*log, 1, heard);
  EXPECT_EQ(heard.entries, entry_texts(1, 1));
}

TEST_F(LocalLogTest, AFullDiskIsAskedForTheNextSegmentOnlyWhenItIsNeeded) {
  segment_bytes = 4096 + 40 * 80;
  disk.capacity_bytes = segment_bytes + 100;
  auto log = open();
  int asked = 0;
  disk.fault = [&](Operation operation, const std::string&) -> std::optional<Error> {
    asked += operation == Operation::create;
    return std::nullopt;
  };
  Remembered heard;
  append_some(*log, 35, heard);
  EXPECT_TRUE(heard.refused.empty());
  EXPECT_EQ(asked, 1) << "once ahead of time";
}

TEST_F(LocalLogTest, OpensOnAFullDiskAndTakesEntriesWhenThereIsRoom) {
  {
    auto log = open();
    Remembered heard;
    append_some(*log, 5, heard);
  }
  std::uint64_t used = 0;
  for (const auto& [path, content] : disk.files()) used += content.size();
  disk.capacity_bytes = used + 4300;  // less than a segment
  auto log = open();
  ASSERT_NE(log, nullptr);
  Remembered heard;
  log->deliver(heard);
  append_some(*log, 1, heard);
  EXPECT_EQ(heard.entries, entry_texts(1, 5));
  ASSERT_EQ(heard.refused.size(), 1u);
  EXPECT_EQ(heard.refused.front().code, Errc::full);
  disk.capacity_bytes *= 2;
  append_some(*log, 1, heard);
  EXPECT_EQ(heard.entries, entry_texts(1, 6));
}

std::optional<Error> broken_device(const std::string& path) {
  return Error{Errc::io, path + ": fdatasync: Input/output error"};
}

TEST_F(LocalLogTest, AFailedSyncStopsTheProcessWithTheSystemsWords) {
  GTEST_FLAG_SET(death_test_style, "fast");
  auto log = open();
  Remembered heard;
  append_some(*log, 2, heard);
  disk.fault = [](Operation operation, const std::string& path) {
    return operation == Operation::sync ? broken_device(path) : std::nullopt;
  };
  EXPECT_EXIT(log->append("lost?"), testing::ExitedWithCode(1), "fdatasync: Input/output error");
  EXPECT_EXIT(append_some(*log, 100, heard), testing::ExitedWithCode(1), "Input/output error");
}

TEST_F(LocalLogTest, AFailedWriteOfAnEntryStopsTheProcess) {
  auto log = open();
  Remembered heard;
  append_some(*log, 2, heard);
  disk.fault = [](Operation operation, const std::string& path) -> std::optional<Error> {
    if (operation != Operation::write) return std::nullopt;
    return Error{Errc::full, path + ": write: No space left on device"};
  };
  EXPECT_EXIT(log->append("lost?"), testing::ExitedWithCode(1), "No space left on device");
}

}  // namespace
}  // namespace yallchat
