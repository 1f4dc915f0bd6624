#include "bridge/said.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat {
namespace {

Event message(const std::string& source, const std::string& body, const std::string& origin = {}) {
  Event event;
  event.source = source;
  event.body = body;
  event.origin = origin;
  return event;
}

Said said(const std::string& source, const std::string& body, const std::string& origin = {}) {
  return Said::of(message(source, body, origin), "bridge");
}

TEST(Said, WhoIsNamedByABridgeSpeaks) {
  const Said prefixed = said("bridge-2", "<ringo@a> hello");
  EXPECT_EQ(prefixed.speaker.name(), "ringo@a");
  EXPECT_EQ(prefixed.text, "hello");
  EXPECT_EQ(said("relay", "<ringo@a> hello", "a/octopus/83").speaker.name(), "ringo@a");
}

TEST(Said, WhoQuotesSpeaksForThemselves) {
  const Said quote = said("paul", "<ringo@a> hello");
  EXPECT_EQ(quote.speaker.name(), "paul");
  EXPECT_EQ(quote.text, "<ringo@a> hello");
}

TEST(Said, AnOriginCountsOnlyWhereTheNameBearsItOut) {
  EXPECT_EQ(said("ringo@a@b", "x", "a/octopus/83,b/o/7").origin, "a/octopus/83,b/o/7");
  EXPECT_EQ(said("ringo@b", "x", "a/octopus/83").origin, "");
  EXPECT_EQ(said("ringo", "x", "a/octopus/83").origin, "");
}

TEST(Said, ItCameByTheHopsOfItsNameAndOfItsOrigin) {
  EXPECT_TRUE(said("ringo@x@a", "x").came_by({"a", "b"}));
  EXPECT_TRUE(said("ringo@x", "x", "x/o/1,a/o/2").came_by({"a", "b"}));
  EXPECT_FALSE(said("ringo@x", "x").came_by({"a", "b"}));
  EXPECT_FALSE(said("a", "x").came_by({"a", "b"}));
}

TEST(Brought, EachThatHasComeAnswersForOne) {
  Brought brought;
  brought.add(said("ringo@a", "hello"));
  EXPECT_FALSE(brought.take(said("ringo@a@b", "goodbye")));
  EXPECT_FALSE(brought.take(said("ringo@c@b", "hello")));
  EXPECT_TRUE(brought.take(said("ringo@a@b", "hello")));
  EXPECT_FALSE(brought.take(said("ringo@a@b", "hello")));
}

TEST(Brought, AMessageIsKnownByItsOriginInOtherWords) {
  Brought brought;
  brought.add(said("bridge", "<ringo@a> hello", "a/octopus/83"));
  EXPECT_TRUE(brought.take(said("ringo@a", "hello ", "a/octopus/83,b/o/7")));
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
