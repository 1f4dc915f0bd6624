#include "protocol/partition.h"

#include <gtest/gtest.h>

#include <vector>

namespace yallchat {
namespace {

// XXH64 of "" is ef46db3751d8e999 and of "abc" 44bc2cf5ad770999, as published with the algorithm.
TEST(Partition, IsTheSameForEver) {
  EXPECT_EQ(partition_of("", 0x10000), 0xe999u);
  EXPECT_EQ(partition_of("abc", 0x10000), 0x0999u);
  EXPECT_EQ(partition_of("abc", 16), 9u);
  EXPECT_EQ(partition_of("abc", 1'000'003), 0x44bc2cf5ad770999 % 1'000'003);
}

TEST(Partition, OneTakesAll) {
  EXPECT_EQ(partition_of("octopus", 1), 0u);
  EXPECT_EQ(partition_of("abc", 1), 0u);
}

TEST(Partition, ChannelsAreSpread) {
  std::vector<int> count(16);
  for (int i = 0; i < 16'000; ++i) ++count.at(partition_of("channel" + std::to_string(i), 16));
  for (const int channels : count) EXPECT_NEAR(channels, 1000, 200);
}

TEST(PartitionDeathTest, NoPartitionIsABug) {
  EXPECT_DEATH(partition_of("abc", 0), "partition");
}

}  // namespace
}  // namespace yallchat
