#include "bridge/brought.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat {
namespace {

Said said(const std::string& source, const std::string& body, const std::string& origin = {}) {
  Event event;
  event.source = source;
  event.body = body;
  event.origin = origin;
  return said_in(event, "bridge");
}

TEST(Brought, BridgesSpeakForOthers) {
  EXPECT_EQ(said("bridge-2", "<ringo@a> hello").speaker.name(), "ringo@a");
  EXPECT_EQ(said("paul", "<ringo@a> hello").speaker.name(), "paul");
}

TEST(Brought, EachThatHasComeAnswersForOne) {
  Brought brought;
  brought.add(said("ringo@a", "hello"));
  EXPECT_FALSE(brought.take(said("ringo@a@b", "goodbye")));
  EXPECT_FALSE(brought.take(said("ringo@c@b", "hello")));
  EXPECT_TRUE(brought.take(said("ringo@a@b", "hello")));
  EXPECT_FALSE(brought.take(said("ringo@a@b", "hello")));
}

TEST(Brought, AMessageIsKnownByItsOrigin) {
  Brought brought;
  brought.add(said("ringo@a", "hello", "a/octopus/83"));
  brought.add(said("bridge", "<ringo@a> hello", "a/octopus/84"));
  EXPECT_TRUE(brought.take(said("ringo@a@b", "hello", "a/octopus/84,b/o/7")));
  EXPECT_TRUE(brought.take(said("ringo@a@b", "hello", "a/octopus/83,b/o/8")));
  EXPECT_FALSE(brought.take(said("ringo@a@b", "hello", "a/octopus/83,b/o/8")));
}

TEST(Brought, AnOriginThatSomebodyMadeUpKeepsNoMessageAway) {
  Brought brought;
  brought.add(said("john@a", "hello", "a/octopus/83"));
  brought.add(said("ringo@a", "goodbye", "a/octopus/83"));
  EXPECT_FALSE(brought.take(said("ringo@a@b", "hello", "a/octopus/83,b/o/7")));
}

TEST(Brought, WhatWasSaidThereIsNotBrought) {
  Brought brought;
  brought.add(said("ringo", "hello"));
  EXPECT_FALSE(brought.take(said("ringo", "hello")));
}

TEST(Brought, TheOldestAreForgotten) {
  Brought brought;
  for (std::size_t i = 0; i <= limits::bridge_remembered; ++i)
    brought.add(said("ringo@a", std::to_string(i)));
  EXPECT_FALSE(brought.take(said("ringo@a", "0")));
  EXPECT_TRUE(brought.take(said("ringo@a", "1")));
}

}  // namespace
}  // namespace yallchat
