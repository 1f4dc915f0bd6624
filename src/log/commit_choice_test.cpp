#include "log/commit_choice.h"

#include <gtest/gtest.h>

namespace yallchat {
namespace {

using std::chrono::microseconds;

void took(CommitChoice& choice, microseconds time, int times = 31) {
  for (int i = 0; i < times; ++i) choice.took(time);
}

TEST(CommitChoice, ADiskThatIsSlowGetsAThreadUntilItIsFastAgain) {
  CommitChoice choice(CommitMode::automatic);
  EXPECT_FALSE(choice.by_thread());
  took(choice, microseconds(900));
  EXPECT_FALSE(choice.by_thread());
  took(choice, microseconds(1100));
  EXPECT_TRUE(choice.by_thread());
  took(choice, microseconds(700));
  EXPECT_TRUE(choice.by_thread()) << "it does not go to and fro";
  took(choice, microseconds(400));
  EXPECT_FALSE(choice.by_thread());
}

TEST(CommitChoice, AFewSlowCommitsDecideNothing) {
  CommitChoice choice(CommitMode::automatic);
  took(choice, microseconds(100), 16);
  took(choice, microseconds(50'000), 15);
  EXPECT_FALSE(choice.by_thread());
}

TEST(CommitChoice, WhatTheOperatorChoseStays) {
  CommitChoice never(CommitMode::inline_always);
  took(never, microseconds(50'000));
  EXPECT_FALSE(never.by_thread());
  CommitChoice always(CommitMode::thread_always);
  took(always, microseconds(10));
  EXPECT_TRUE(always.by_thread());
}

}  // namespace
}  // namespace yallchat
