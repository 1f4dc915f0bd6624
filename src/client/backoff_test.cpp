#include "client/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace yallchat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class StillClock final : public Clock {
 public:
  Monotonic now{seconds(100)};
  Monotonic monotonic() const override { return now; }
  std::int64_t wall_ms() const override { return 0; }
};

class FixedRandom final : public Random {
 public:
  std::uint8_t byte = 0;
  void fill(std::span<std::uint8_t> out) override { std::ranges::fill(out, byte); }
};

TEST(Backoff, DoublesUpToItsLongestStepWithJitterOfAHalf) {
  StillClock clock;
  FixedRandom random;
  Backoff backoff(clock, random, seconds(60));
  for (const int step : {250, 500, 1'000, 2'000, 4'000, 5'000, 5'000}) {
    random.byte = 0;
    const Monotonic at = *backoff.failed();
    EXPECT_EQ(at - clock.now, milliseconds(step) / 2);
  }
  random.byte = 0xFF;
  const Monotonic at = *backoff.failed();
  EXPECT_GT(at - clock.now, milliseconds(4'900));
  EXPECT_LE(at - clock.now, milliseconds(5'000));
}

TEST(Backoff, TriesOnceMoreAtTheEndOfItsBudgetAndThenGivesUp) {
  StillClock clock;
  FixedRandom random;
  Backoff backoff(clock, random, seconds(60));
  const Monotonic end = clock.now + seconds(60);
  ASSERT_TRUE(backoff.failed());
  clock.now = end - milliseconds(1);
  EXPECT_EQ(backoff.failed(), end);
  clock.now = end;
  EXPECT_EQ(backoff.failed(), std::nullopt);
}

TEST(Backoff, WaitsAsLongAsItIsTold) {
  StillClock clock;
  FixedRandom random;
  Backoff backoff(clock, random, seconds(60));
  EXPECT_EQ(backoff.failed(seconds(7)), clock.now + seconds(7));
  EXPECT_EQ(backoff.failed(seconds(600)), clock.now + seconds(60));
}

TEST(Backoff, ASuccessStartsAllAnew) {
  StillClock clock;
  FixedRandom random;
  Backoff backoff(clock, random, seconds(60));
  backoff.failed();
  backoff.succeeded();
  EXPECT_FALSE(backoff.failing());
  clock.now += seconds(3'600);
  EXPECT_EQ(backoff.failed(), clock.now + milliseconds(125));
}

}  // namespace
}  // namespace yallchat
