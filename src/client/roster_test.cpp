#include "client/roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yallchat {
namespace {

using testing::ElementsAre;

TEST(Roster, TheFirstDirectoryIsNoNews) {
  Roster roster("ringo");
  EXPECT_TRUE(roster.update({"ringo", "paul", "paul"}).empty());
  EXPECT_THAT(roster.names(), ElementsAre("paul", "ringo"));
}

TEST(Roster, TellsWhoCameAndWhoWent) {
  Roster roster("ringo");
  roster.update({"ringo", "paul"});
  const auto change = roster.update({"john", "george", "ringo"});
  EXPECT_THAT(change.joined, ElementsAre("george", "john"));
  EXPECT_THAT(change.left, ElementsAre("paul"));
}

TEST(Roster, OwnComingsAndGoingsAreNoNews) {
  Roster roster("ringo");
  roster.update({"paul"});
  EXPECT_TRUE(roster.update({"paul", "ringo"}).empty());
  EXPECT_TRUE(roster.update({"paul"}).empty());
}

TEST(Roster, WhatIsToldOfEachIsAChangeOnceAndNeverOfOneself) {
  Roster roster("ringo");
  EXPECT_TRUE(roster.joined("early").empty());
  roster.update({"paul", "ringo"});
  EXPECT_EQ(roster.joined("john").joined, std::vector<std::string>{"john"});
  EXPECT_TRUE(roster.joined("john").empty());
  EXPECT_TRUE(roster.update({"john", "paul", "ringo"}).empty());
  EXPECT_EQ(roster.left("paul").left, std::vector<std::string>{"paul"});
  EXPECT_TRUE(roster.left("paul").empty());
  EXPECT_TRUE(roster.left("ringo").empty());
  EXPECT_TRUE(roster.joined("ringo").empty());
}

}  // namespace
}  // namespace yallchat
