#include "bridge/hops.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

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
  const auto read = read_prefix(with_prefix("ringo@a", "<b> is c\nd"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, "ringo@a");
  EXPECT_EQ(read->text, "<b> is c\nd");
}

TEST(Prefix, WhatPeopleWriteIsNone) {
  for (const char* const text : {"hello", "<b>bold</b> text", "<ringo> hello", "<ringo@a>hello",
                                 "<<ringo@a> hello", "<ringo@a"})
    EXPECT_FALSE(read_prefix(text)) << text;
}

TEST(OwnName, IsTheNameAloneOrNumbered) {
  EXPECT_EQ(own_name("bridge", 1), "bridge");
  EXPECT_EQ(own_name("bridge", 17), "bridge-17");
  for (const char* const name : {"bridge", "bridge-2", "bridge-17"})
    EXPECT_TRUE(is_own_name(name, "bridge")) << name;
  for (const char* const name : {"bridges", "bridge-", "bridge-x", "bridge-2x", "a bridge"})
    EXPECT_FALSE(is_own_name(name, "bridge")) << name;
}

TEST(Origin, NamesEachHop) {
  const std::string origin = with_hop(hop("a", "octopus", 0, Seqnr(83)), "b:2/caf%C3%A9/7");
  EXPECT_EQ(origin, "a/octopus/83,b:2/caf%C3%A9/7");
  EXPECT_EQ(hop("b", "caf\xc3\xa9", 2, Seqnr(7)), "b:2/caf%C3%A9/7");
  EXPECT_EQ(first_hop(origin), "a/octopus/83");
  EXPECT_THAT(labels_of(origin), ElementsAre("a", "b"));
  EXPECT_THAT(labels_of(""), IsEmpty());
  EXPECT_THAT(labels_of(hop("x,:/", "y", 1, Seqnr(1))), ElementsAre("x,:/"));
}

TEST(Origin, AHopFitsAnIdempotencyKey) {
  std::string channel;
  for (int i = 0; i < 64; ++i) channel += "\xf0\x90\x8c\xb0";
  const std::string longest =
      hop(std::string(limits::bridge_label_bytes, 'l'), channel, UINT64_MAX, Seqnr(UINT64_MAX));
  EXPECT_LE(longest.size(), limits::idempotency_key_bytes);
  EXPECT_NE(longest, hop(std::string(limits::bridge_label_bytes, 'l'), channel + "x", UINT64_MAX,
                         Seqnr(UINT64_MAX)));
}

TEST(Origin, ThatGrowsTooLongKeepsItsFirstHop) {
  std::string origin = "a/octopus/83";
  for (int i = 0; i < 200; ++i) {
    origin = with_hop(origin, "server/octopus/1");
    EXPECT_LE(origin.size(), limits::origin_bytes);
    EXPECT_EQ(first_hop(origin), "a/octopus/83");
  }
}

}  // namespace
}  // namespace yallchat
