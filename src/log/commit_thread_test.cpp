// A log whose entries are made durable by a thread: here the test runs its jobs when it likes.
#include <gtest/gtest.h>

#include <deque>

#include "log/fake_disk.h"
#include "log/log_testing.h"

namespace yallchat {
namespace {

class CommitThread : public testing::Test {
 protected:
  void open() {
    LocalLog::Options options = small_log(disk, random);
    options.commit = CommitMode::thread_always;
    options.commit_thread = [this](std::function<void()> job) { jobs.push_back(std::move(job)); };
    log = LocalLog::open(options).value();
    log->deliver(heard);
  }
  void run_jobs() {
    for (; !jobs.empty(); jobs.pop_front()) jobs.front()();
  }

  FakeDisk disk;
  SeededRandom random{1};
  std::deque<std::function<void()>> jobs;
  Remembered heard;
  std::unique_ptr<LocalLog> log;
};

TEST_F(CommitThread, AnEntryIsDeliveredWhenItIsDurableAndNotBefore) {
  open();
  log->append(entry_text(1));
  log->deliver(heard);
  EXPECT_TRUE(heard.entries.empty());
  EXPECT_FALSE(log->can_append());
  EXPECT_EQ(log->last(), Index(0));
  run_jobs();
  log->deliver(heard);
  EXPECT_EQ(heard.entries, entry_texts(1, 1));
  EXPECT_TRUE(log->can_append());
  EXPECT_EQ(log->last(), Index(1));
}

TEST_F(CommitThread, ManySegmentsAreWrittenTrimmedAndReadAgain) {
  open();
  for (std::uint64_t number = 1; number <= 50; ++number) {
    log->append(entry_text(number));
    // The thread has not begun: what is trimmed is not its business.
    if (number > 20) log->trim(Index(number - 20));
    run_jobs();
    log->deliver(heard);
  }
  EXPECT_EQ(heard.entries, entry_texts(1, 50));
  log.reset();
  EXPECT_LT(disk.files().size(), 15u);
  auto again = LocalLog::open(small_log(disk, random, 4400, Index(30))).value();
  Remembered rest;
  again->deliver(rest);
  EXPECT_EQ(rest.entries, entry_texts(31, 50));
}

TEST_F(CommitThread, WhoCannotWaitForTheThreadGetsTheEntryWritten) {
  open();
  log->append(entry_text(1));
  log->finish();
  log->deliver(heard);
  EXPECT_EQ(heard.entries, entry_texts(1, 1));
  run_jobs();
  log->append(entry_text(2));
  run_jobs();
  log->finish();
  log->deliver(heard);
  EXPECT_EQ(heard.entries, entry_texts(1, 2)) << "the first was not written twice";
  log->finish();
  log->deliver(heard);
  EXPECT_EQ(heard.entries.size(), 2u);
}

TEST_F(CommitThread, AFullDiskRefusesAndHasRoomLater) {
  disk.capacity_bytes = 2 * 4400;
  open();
  std::uint64_t number = 1;
  while (heard.refused.empty()) {
    log->append(entry_text(number));
    run_jobs();
    log->deliver(heard);
    if (heard.refused.empty()) ++number;
    ASSERT_LT(number, 20u);
  }
  EXPECT_EQ(heard.refused.front().code, Errc::full);
  EXPECT_EQ(log->last(), Index(number - 1));
  disk.capacity_bytes = ~std::uint64_t{0};
  log->append(entry_text(number));
  run_jobs();
  log->deliver(heard);
  EXPECT_EQ(heard.entries, entry_texts(1, number));
}

TEST_F(CommitThread, ALogThatIsClosedWhileTheThreadHasNotBegunLosesOnlyWhatNobodyWasTold) {
  open();
  log->append(entry_text(1));
  run_jobs();
  log->deliver(heard);
  log->append(entry_text(2));
  log.reset();
  run_jobs();
  heard = {};
  open();
  EXPECT_EQ(heard.entries, entry_texts(1, 1));
}

}  // namespace
}  // namespace yallchat
