#include "protocol/said.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Said said(std::string_view source, std::string_view text, std::string_view origin = {}) {
  return Said::of(source, text, origin, source == "bridge");
}

TEST(Speaker, HopsAreTheLabelsBehindTheName) {
  const Speaker ringo = Speaker::of("ringo@a@b");
  EXPECT_EQ(ringo.author, "ringo");
  EXPECT_THAT(ringo.hops, ElementsAre("a", "b"));
  EXPECT_EQ(ringo.by("c").name(), "ringo@a@b@c");
  EXPECT_THAT(Speaker::of("ringo").hops, IsEmpty());
}

TEST(Speaker, HopsAreKnownBehindAnyNameThatPeopleMayHave) {
  for (const char* const name : {"ringo", "x@", "@", "x@@", ""}) {
    EXPECT_EQ(Speaker::of(name).author, name);
    EXPECT_THAT(Speaker::of(name).hops, IsEmpty()) << name;
    const Speaker there = Speaker::of(Speaker::of(name).by("a").name());
    EXPECT_EQ(there.author, name);
    EXPECT_THAT(there.hops, ElementsAre("a")) << name;
  }
  EXPECT_EQ(Speaker::of("@x").name(), "@x");
  EXPECT_THAT(Speaker::of("x@@y").by("a").name(), "x@@y@a");
  EXPECT_THAT(Speaker::of("x@@y@a").hops, ElementsAre("y", "a"));
}

TEST(Prefix, IsReadAsItIsWritten) {
  const Said read = said("bridge", with_prefix("ringo@a", "<b> is c\nd"));
  EXPECT_EQ(read.speaker.name(), "ringo@a");
  EXPECT_EQ(read.text, "<b> is c\nd");
}

TEST(Prefix, WhatPeopleWriteIsNone) {
  for (const char* const text : {"hello", "<b>bold</b> text", "<ringo> hello", "<ringo@a>hello",
                                 "<<ringo@a> hello", "<ringo@a"})
    EXPECT_EQ(said("bridge", text).text, text);
}

TEST(Said, WhoIsNamedByABridgeSpeaks) {
  const Said prefixed = said("bridge", "<ringo@a> hello");
  EXPECT_EQ(prefixed.speaker.name(), "ringo@a");
  EXPECT_EQ(prefixed.text, "hello");
  EXPECT_EQ(said("relay", "<ringo@a> hello", "a/octopus/83").speaker.name(), "ringo@a");
}

TEST(Said, WhoQuotesSpeaksForThemselves) {
  const Said quote = said("paul", "<ringo@a> hello");
  EXPECT_EQ(quote.speaker.name(), "paul");
  EXPECT_EQ(quote.text, "<ringo@a> hello");
}

TEST(Said, WhoHasHopsInTheirNameAndQuotesSpeaksForThemselves) {
  const Said quote = said("paul@a", "<ringo@b> hello", "a/octopus/83");
  EXPECT_EQ(quote.speaker.name(), "paul@a");
  EXPECT_EQ(quote.text, "<ringo@b> hello");
  EXPECT_EQ(quote.origin, "a/octopus/83");
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

}  // namespace
}  // namespace yallchat
