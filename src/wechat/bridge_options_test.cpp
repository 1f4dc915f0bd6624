#include "wechat/bridge_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace yallchat {
namespace {

using testing::HasSubstr;

std::variant<BridgeRunOptions, EarlyExit> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), {"wechat", "-b"});
  return parse_bridge_options(static_cast<int>(arguments.size()), arguments.data());
}

BridgeRunOptions good(std::vector<const char*> arguments) {
  const auto parsed = parse(std::move(arguments));
  if (const auto* const early = std::get_if<EarlyExit>(&parsed)) ADD_FAILURE() << early->text;
  return std::get<BridgeRunOptions>(parsed);
}

std::string complaint(std::vector<const char*> arguments) {
  const auto parsed = parse(std::move(arguments));
  const auto* const early = std::get_if<EarlyExit>(&parsed);
  EXPECT_TRUE(early != nullptr && early->code == 2);
  return early == nullptr ? "" : early->text;
}

TEST(BridgeOptions, ServersHaveTheirHostsForLabels) {
  const BridgeOptions options = good({"a.example", "b.example:8001/chats/squid"}).bridge;
  ASSERT_EQ(options.servers.size(), 2U);
  EXPECT_EQ(options.servers[0].label, "a.example");
  EXPECT_EQ(options.servers[0].url.channel, std::nullopt);
  EXPECT_EQ(options.servers[1].label, "b.example-8001");
  EXPECT_EQ(options.servers[1].url.channel, "squid");
  EXPECT_EQ(options.own, "bridge");
}

TEST(BridgeOptions, ALabelIsGivenByAnyWayToWriteTheServer) {
  const BridgeOptions options =
      good({"a.example", "b.example", "--label", "http://b.example:8000/=b"}).bridge;
  EXPECT_EQ(options.servers[1].label, "b");
}

TEST(BridgeOptions, TheStateIsOfTheseServersUnlessItIsSaid) {
  ::setenv("XDG_STATE_HOME", "/state", 1);
  EXPECT_EQ(good({"a.example", "b.example"}).state, "/state/wechat/bridge/a.example+b.example");
  ::setenv("XDG_STATE_HOME", "relative", 1);  // which is to be ignored
  ::setenv("HOME", "/home/ringo", 1);
  EXPECT_EQ(good({"a.example", "b.example"}).state,
            "/home/ringo/.local/state/wechat/bridge/a.example+b.example");
  EXPECT_EQ(good({"a.example", "b.example", "--state", "x"}).state, "x");
  ::unsetenv("HOME");
  EXPECT_THAT(complaint({"a.example", "b.example"}), HasSubstr("--state"));
}

TEST(BridgeOptions, WhatWouldBeOneEndTwiceIsRefused) {
  EXPECT_THAT(complaint({"a.example", "a.example/chats/x"}), HasSubstr("twice"));
  EXPECT_THAT(complaint({"a.example", "https://a.example"}), HasSubstr("--label"));
  EXPECT_EQ(good({"a.example/chats/x", "a.example/chats/y", "--state", "s"}).bridge.servers.size(),
            2U);
}

TEST(BridgeOptions, IsKnownByItsFlagWhereverItStands) {
  const std::vector<const char*> bridge{"wechat", "a", "b", "-b"};
  EXPECT_TRUE(is_bridge(4, bridge.data()));
  EXPECT_FALSE(is_bridge(3, bridge.data()));
}

}  // namespace
}  // namespace yallchat
