#include "http/route.h"

#include <gtest/gtest.h>

namespace yallchat {
namespace {

Route found(std::string_view path) {
  const auto result = route(path);
  EXPECT_TRUE(std::holds_alternative<Route>(result)) << path;
  return std::holds_alternative<Route>(result) ? std::get<Route>(result) : Route{};
}
int status(std::string_view path) {
  const auto result = route(path);
  if (const auto* failure = std::get_if<Failure>(&result)) return failure->status;
  const Route& route = std::get<Route>(result);
  return route.malformed ? route.malformed->status : 200;
}

TEST(Route, EachCallWithAndWithoutATrailingSlash) {
  EXPECT_EQ(found("/chats/octopus/join/ringo").resource, Resource::join);
  EXPECT_EQ(found("/chats/octopus/join/ringo/").user, "ringo");
  EXPECT_EQ(found("/chats/octopus/leave/").resource, Resource::leave);
  EXPECT_EQ(found("/chats/octopus/leave").resource, Resource::leave);
  EXPECT_EQ(found("/chats/octopus/events/").resource, Resource::events);
  EXPECT_EQ(found("/chats/octopus/directory").resource, Resource::directory);
  EXPECT_EQ(found("/chats/octopus/messages/").resource, Resource::messages);
  EXPECT_EQ(found("/").resource, Resource::root);
  EXPECT_EQ(found("*").resource, Resource::server);
}

TEST(Route, ChannelsAreFoundByTheirNamesAloneWhateverTheyAre) {
  EXPECT_EQ(found("/chats").resource, Resource::chats);
  EXPECT_EQ(found("/chats/").resource, Resource::chats);
  EXPECT_EQ(found("/openapi.json").resource, Resource::openapi);
  for (const char* name : {"octopus", "83", "events", "chats", "openapi.json"}) {
    EXPECT_EQ(found("/chats/" + std::string(name)).resource, Resource::chat);
    EXPECT_EQ(found("/chats/" + std::string(name) + "/").channel, name);
    EXPECT_FALSE(found("/chats/" + std::string(name)).position);
  }
  EXPECT_EQ(found("/chats//").resource, Resource::chat);
  EXPECT_EQ(found("/chats/a%2Fb").channel, "a/b");
  EXPECT_EQ(status("/chats/a%zz"), 400);
}

TEST(Route, TheNumberStandsBeforeAnyVerbAndChannelsMayBeNumbers) {
  EXPECT_EQ(found("/chats/octopus/83/events").position, Seqnr(83));
  EXPECT_EQ(found("/chats/octopus/0/join/ringo").position, Seqnr(0));
  EXPECT_EQ(found("/chats/83/join/ringo").channel, "83");
  EXPECT_FALSE(found("/chats/83/join/ringo").position);
  EXPECT_EQ(found("/chats/4/83/join/5").user, "5");
  EXPECT_EQ(found("/chats/octopus/join/83").user, "83");
  EXPECT_EQ(status("/chats/octopus/99999999999999999999/events"), 400);
}

TEST(Route, SegmentsAreSplitFirstAndDecodedOnce) {
  EXPECT_EQ(found("/chats/a%2Fb/events").channel, "a/b");
  EXPECT_EQ(found("/chats/a%252Fb/events").channel, "a%2Fb");
  EXPECT_EQ(found("/%63hats/x/%65vents").resource, Resource::events);
  EXPECT_EQ(status("/chats/a%/events"), 400);
  EXPECT_EQ(status("/chats/a%zz/events"), 400);
  EXPECT_EQ(status("/chats/a%zz/nothing"), 404);
}

TEST(Route, EmptyNamesReachTheRuleOfNames) {
  EXPECT_EQ(found("/chats//events").channel, "");
  EXPECT_EQ(found("/chats/octopus/join/").user, "");
  EXPECT_EQ(found("/chats/octopus/join").user, "");
}

TEST(Route, WhatIsNotThereIs404) {
  for (const char* path :
       {"/chat", "/chats/octopus/83", "/chats/octopus/fly", "/octopus", "/chat/octopus/events",
        "/chats/octopus/events/83", "/chats/octopus/leave/ringo", "/favicon.ico",
        "/chats/octopus/join/a/b", "/chats/octopus/8x/events", "/chats/octopus/-1/events"})
    EXPECT_EQ(status(path), 404) << path;
}

TEST(Route, SeqnrsAreDigitsThatFit) {
  EXPECT_EQ(parse_seqnr("0"), Seqnr(0));
  EXPECT_EQ(parse_seqnr("9223372036854775807"), Seqnr(9223372036854775807u));
  for (const char* text : {"", "-1", "+1", "1.0", "0x1", " 1", "9223372036854775808", "one"})
    EXPECT_FALSE(parse_seqnr(text)) << text;
}

TEST(Route, QueryValuesAreFoundAmongOthersAndCounted) {
  EXPECT_EQ(query_value("a=1&from=8%33&b", "from").value, "83");
  EXPECT_EQ(query_value("from=1&from=2", "from").count, 2u);
  EXPECT_EQ(query_value("fromage=1", "from").count, 0u);
  EXPECT_EQ(query_value("from", "from").count, 1u);
}

TEST(Route, AQueryValueThatCannotBeDecodedIsNone) {
  for (const char* query : {"q=%", "q=a%2", "q=%ZZ", "q=%4&a=1", "a=1&q=%4g"}) {
    const QueryValue found = query_value(query, "q");
    EXPECT_TRUE(found.malformed) << query;
    EXPECT_EQ(found.value, "") << query;
    EXPECT_EQ(found.count, 1u) << query;
  }
  EXPECT_FALSE(query_value("a=%ZZ&q=%25", "q").malformed);
}

}  // namespace
}  // namespace yallchat
