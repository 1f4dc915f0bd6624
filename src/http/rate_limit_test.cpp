#include "http/rate_limit.h"

#include <gtest/gtest.h>

#include <string>

namespace yallchat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RateLimit, ABurstPassesAndThenSoManyASecond) {
  RateLimit<std::string> limit({10, 3});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limit.take("a", seconds(1)));
  EXPECT_EQ(limit.take("a", seconds(1)), 1);
  EXPECT_FALSE(limit.take("a", seconds(1) + milliseconds(100)));
  EXPECT_TRUE(limit.take("a", seconds(1) + milliseconds(150)));
}

TEST(RateLimit, KeysDoNotShare) {
  RateLimit<std::string> limit({1, 1});
  EXPECT_FALSE(limit.take("a", seconds(1)));
  EXPECT_FALSE(limit.take("b", seconds(1)));
  EXPECT_TRUE(limit.take("a", seconds(1)));
}

TEST(RateLimit, RetryAfterIsWhenItWillPass) {
  RateLimit<std::string> limit({0.2, 1});
  EXPECT_FALSE(limit.take("a", seconds(1)));
  EXPECT_EQ(limit.take("a", seconds(1)), 5);
  EXPECT_FALSE(limit.take("a", seconds(6)));
}

TEST(RateLimit, BeyondTheBoundNewKeysWaitUntilOthersAreFullAgain) {
  RateLimit<int> limit({1, 1, 2});
  EXPECT_FALSE(limit.take(1, seconds(1)));
  EXPECT_FALSE(limit.take(2, seconds(1)));
  EXPECT_TRUE(limit.take(3, seconds(1)));
  EXPECT_FALSE(limit.take(3, seconds(3)));
}

TEST(RateLimit, ZeroIsNoLimit) {
  RateLimit<int> limit({0, 0});
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(limit.take(1, seconds(1)));
}

}  // namespace
}  // namespace yallchat
