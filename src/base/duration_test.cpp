#include "base/duration.h"

#include <gtest/gtest.h>

namespace yallchat {
namespace {

using std::chrono::milliseconds;

TEST(Duration, ReadsEachUnit) {
  EXPECT_EQ(parse_duration("500ms").value(), milliseconds(500));
  EXPECT_EQ(parse_duration("60s").value(), milliseconds(60'000));
  EXPECT_EQ(parse_duration("2m").value(), milliseconds(120'000));
  EXPECT_EQ(parse_duration("24h").value(), milliseconds(86'400'000));
  EXPECT_EQ(parse_duration("30d").value(), milliseconds(30 * 86'400'000LL));
}

TEST(Duration, RefusesWhatIsNotOneAndShowsAnExample) {
  for (const char* text : {"", "60", "s", "-1s", "+1s", "1.5s", "1 s", "1s ", "1w",
                           "99999999999999999999s", "9223372036854775807h"}) {
    const auto result = parse_duration(text);
    ASSERT_FALSE(result) << text;
    EXPECT_NE(result.error().message.find("60s"), std::string::npos);
  }
}

TEST(Duration, WhatIsPrintedReadsBackAsTheSame) {
  for (std::int64_t ms :
       {0, 1, 999, 1000, 1500, 60'000, 61'000, 3'600'000, 86'400'000, 172'800'000})
    EXPECT_EQ(parse_duration(format_duration(milliseconds(ms))).value(), milliseconds(ms));
  EXPECT_EQ(format_duration(milliseconds(60'000)), "60s");
  EXPECT_EQ(format_duration(milliseconds(120'000)), "2m");
}

}  // namespace
}  // namespace yallchat
