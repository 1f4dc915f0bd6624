#include "hub/held_directories.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr ChannelId octopus{1};
constexpr ChannelId zebra{2};

Directory directory(std::uint64_t version, std::size_t bytes = 10) {
  return {version, std::make_shared<const std::string>(bytes, 'x')};
}

TEST(HeldDirectories, WhatManyAreInTheMiddleOfCountsOnce) {
  HeldDirectories<int> held(25);
  const Directory one = directory(1);
  for (int reader = 0; reader < 100; ++reader) held.hold(reader, octopus, one);
  EXPECT_THAT(held.beyond(), IsEmpty());
  EXPECT_EQ(held.instead(octopus, 0), std::nullopt) << "there is room for another";
}

TEST(HeldDirectories, AtTheBoundOneIsGivenThatIsHeldAnyhow) {
  HeldDirectories<int> held(25);
  held.hold(1, octopus, directory(1));
  held.hold(2, octopus, directory(2));
  EXPECT_EQ(held.instead(octopus, 0)->version, 2U);
  EXPECT_EQ(held.instead(octopus, 1)->version, 2U);
  EXPECT_EQ(held.instead(octopus, 2), std::nullopt) << "it has had that one";
  EXPECT_EQ(held.instead(zebra, 0), std::nullopt);
}

TEST(HeldDirectories, WhereThereIsRoomAgainTheCurrentOneIsGiven) {
  HeldDirectories<int> held(25);
  const Directory first = directory(1);
  held.hold(1, octopus, first);
  held.hold(2, octopus, first);
  held.hold(3, octopus, directory(2));
  held.release(1);
  EXPECT_NE(held.instead(octopus, 0), std::nullopt) << "one is still in the middle of it";
  held.release(2);
  EXPECT_EQ(held.instead(octopus, 0), std::nullopt);
}

TEST(HeldDirectories, BeyondTheBoundThoseGoWhoseDirectoryWasBegunFirst) {
  HeldDirectories<int> held(25);
  const Directory first = directory(1);
  held.hold(1, octopus, first);
  held.hold(2, zebra, directory(1));
  held.hold(3, octopus, first);
  EXPECT_THAT(held.beyond(), IsEmpty());
  held.hold(4, octopus, directory(2));
  EXPECT_THAT(held.beyond(), UnorderedElementsAre(1, 3));
  held.release(1);
  EXPECT_THAT(held.beyond(), ElementsAre(3));
  held.release(3);
  EXPECT_THAT(held.beyond(), IsEmpty());
}

TEST(HeldDirectories, OneMayBeLongerThanTheBound) {
  HeldDirectories<int> held(25);
  held.hold(1, octopus, directory(1, 1000));
  EXPECT_THAT(held.beyond(), IsEmpty());
}

}  // namespace
}  // namespace yallchat
