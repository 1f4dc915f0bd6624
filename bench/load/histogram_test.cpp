#include "histogram.h"

#include <gtest/gtest.h>

#include <limits>

namespace yallchat::bench {
namespace {

TEST(Histogram, IsNeverMoreThan16PerMilleWrong) {
  for (std::int64_t value = 1; value < 100'000'000'000; value += value / 7 + 1) {
    Histogram histogram;
    histogram.record(value);
    histogram.record(1'000'000'000'000);  // so that the largest does not cap what is looked up
    const auto found = static_cast<double>(histogram.quantile_ns(0.5));
    EXPECT_GE(found, static_cast<double>(value));
    EXPECT_LE(found, static_cast<double>(value) * 1.016);
  }
}

TEST(Histogram, FindsTheValueThatAShareDoesNotExceed) {
  Histogram histogram;
  for (int value = 1; value <= 100; ++value) histogram.record(value);
  EXPECT_EQ(histogram.quantile_ns(0.5), 50U);
  EXPECT_EQ(histogram.quantile_ns(0.99), 99U);
  EXPECT_EQ(histogram.quantile_ns(1), 100U);
  EXPECT_EQ(histogram.max_ns(), 100U);
}

TEST(Histogram, HoldsTheLargestValueAndNone) {
  Histogram histogram;
  EXPECT_EQ(histogram.quantile_ns(0.99), 0U);
  histogram.record(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(histogram.total(), 1U);
}

}  // namespace
}  // namespace yallchat::bench
