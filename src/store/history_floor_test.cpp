#include <gtest/gtest.h>

#include <future>

#include "store/store_testing.h"

namespace yallchat {
namespace {

constexpr std::int64_t first_ms = 1'700'000'000'000;  // message() adds the seqnr

// 200 messages of channel 3, in chunks of 64, 64, 64 and 8.
class HistoryFloorTest : public testing::Test {
 protected:
  HistoryFloorTest() : store_(directory_.file()) { store_.write(batch_of(1, 3, 1, 200)); }

  FloorFound find(FloorQuery query) {
    query.channel = ChannelId(3);
    std::promise<FloorFound> answer;
    store_->find_floor(query, [&](FloorFound found) { answer.set_value(found); });
    return answer.get_future().get();
  }
  static FloorQuery by_age(std::uint64_t first, std::uint64_t keep, std::int64_t not_before) {
    return {{}, Seqnr(first), Seqnr(keep), not_before, 0};
  }
  static FloorQuery by_size(std::uint64_t first, std::uint64_t keep, std::uint64_t bytes) {
    return {{}, Seqnr(first), Seqnr(keep), 0, bytes};
  }

  TemporaryDirectory directory_;
  OpenStore store_;
};

TEST_F(HistoryFloorTest, TheFirstMessageThatIsYoungEnoughIsTheFloor) {
  const FloorFound found = find(by_age(1, 150, first_ms + 100));
  EXPECT_EQ(found.first, Seqnr(100));
  EXPECT_EQ(found.time_ms, first_ms + 100);
}

TEST_F(HistoryFloorTest, WhatIsToBeKeptIsKeptWhateverItsAge) {
  EXPECT_EQ(find(by_age(1, 150, first_ms + 1000)).first, Seqnr(150));
}

TEST_F(HistoryFloorTest, AllOfItIsYoungEnough) {
  const FloorFound found = find(by_age(80, 150, first_ms));
  EXPECT_EQ(found.first, Seqnr(80));
  EXPECT_EQ(found.time_ms, first_ms + 80);
}

TEST_F(HistoryFloorTest, WhatIsNotStoredYetIsNotJudged) {
  const FloorFound found = find(by_age(1, 900, first_ms + 1000));
  EXPECT_EQ(found.first, Seqnr(201));
  EXPECT_EQ(found.time_ms, 0);
}

TEST_F(HistoryFloorTest, WholeChunksAreKeptWhileTheyFit) {
  const std::uint64_t all = find(by_size(1, 190, ~0ULL >> 1)).bytes;
  EXPECT_GT(all, 200u * 30);
  EXPECT_EQ(find(by_size(1, 190, all)).first, Seqnr(1));
  EXPECT_EQ(find(by_size(1, 190, all - 1)).first, Seqnr(65));
  EXPECT_EQ(find(by_size(1, 190, all / 2)).first, Seqnr(129));
  EXPECT_EQ(find(by_size(1, 190, 1)).first, Seqnr(190));
  EXPECT_EQ(find(by_size(1, 190, all)).last, Seqnr(200));
}

TEST_F(HistoryFloorTest, WhatTheSizeLeavesIsJudgedByItsAge) {
  FloorQuery query = by_size(1, 190, find(by_size(1, 190, ~0ULL >> 1)).bytes - 1);
  query.not_before_ms = first_ms + 20;
  EXPECT_EQ(find(query).first, Seqnr(65));
  query.not_before_ms = first_ms + 70;
  EXPECT_EQ(find(query).first, Seqnr(70));
}

TEST_F(HistoryFloorTest, AnUnknownChannelHasNothingToGiveUp) {
  FloorQuery query = by_age(1, 1, first_ms + 1000);
  std::promise<FloorFound> answer;
  query.channel = ChannelId(99);
  store_->find_floor(query, [&](FloorFound found) { answer.set_value(found); });
  EXPECT_EQ(answer.get_future().get().first, Seqnr(1));
}

}  // namespace
}  // namespace yallchat
