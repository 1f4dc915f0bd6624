#include "log/background_job.h"

#include <gtest/gtest.h>

#include <latch>
#include <thread>
#include <vector>

namespace yallchat {
namespace {

TEST(BackgroundJob, WhatHasNotBegunIsTakenBackAndNeverRuns) {
  std::vector<std::function<void()>> queue;
  int runs = 0;
  {
    BackgroundJob job([&](std::function<void()> work) { queue.push_back(std::move(work)); });
    job.start([&] { runs += 1; });
    EXPECT_TRUE(job.busy());
    job.finish();
    EXPECT_FALSE(job.busy());
    job.start([&] { runs += 10; });
    for (const auto& work : queue) work();
    EXPECT_EQ(runs, 10) << "only the second was still wanted";
    job.start([&] { runs += 100; });
  }
  queue.back()();
  EXPECT_EQ(runs, 10) << "its owner is gone";
}

TEST(BackgroundJob, FinishWaitsForWhatHasBegun) {
  std::thread worker;
  std::latch begun(1);
  int result = 0;
  BackgroundJob job([&](std::function<void()> work) { worker = std::thread(std::move(work)); });
  job.start([&] {
    begun.count_down();
    std::this_thread::yield();
    result = 7;
  });
  begun.wait();
  job.finish();
  EXPECT_EQ(result, 7);
  worker.join();
}

}  // namespace
}  // namespace yallchat
