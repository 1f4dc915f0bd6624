#include "wechat/moment.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace yallchat::screen {
namespace {

TEST(Moment, IsReadAsServersWriteItAndShownInTheUsersZone) {
  const auto moment = parse_moment("2026-01-02T23:04:05.678Z");
  ASSERT_TRUE(moment);
  setenv("TZ", "UTC-2", 1);  // two hours east
  tzset();
  EXPECT_EQ(clock_words(*moment), "01:04");
  EXPECT_EQ(day_words(*moment), "Saturday 3 January 2026");
  setenv("TZ", "UTC", 1);
  tzset();
  EXPECT_EQ(clock_words(*moment), "23:04");
  EXPECT_EQ(parse_moment("2026-01-02T23:04:05Z"), *moment / 1000 * 1000);
}

TEST(Moment, WhatIsNoneIsNothing) {
  for (const char* const text :
       {"", "now", "2026-01-02 03:04:05.678Z", "2026-13-02T03:04:05.678Z",
        "2026-02-30T03:04:05.678Z", "2026-01-02T25:04:05.678Z", "2026-01-02T03:04:05.678",
        "\x1b[2J6-01-02T03:04:05Z", "-026-01-02T03:04:05.678Z"})
    EXPECT_FALSE(parse_moment(text)) << text;
}

}  // namespace
}  // namespace yallchat::screen
