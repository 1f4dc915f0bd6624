// One channel of the full screen against a scripted transport.
#include "wechat/open_channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/limits.h"
#include "client/session_testing.h"

namespace yallchat::screen {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OpenChannelTest : public testing::Test {
 protected:
  OpenChannelTest()
      : folder(testing::TempDir() + "open_channel_" +
               testing::UnitTest::GetInstance()->current_test_info()->name()) {}
  ~OpenChannelTest() override { std::filesystem::remove_all(folder); }

  std::unique_ptr<OpenChannel> open() {
    auto channel = std::make_unique<OpenChannel>(
        ChatUrl{.base = "http://h:1/chats/x", .channel = "x", .from = {}}, "ringo",
        std::chrono::seconds(1),
        OpenChannel::Surroundings{
            .transport = transport,
            .clock = clock,
            .random = random,
            .mentions = mentions,
            .state_folder = folder + "/wechat",
            .mentioned = [this](const Room&, const Event& event) { called.push_back(event.body); },
            .note = [](const std::string&) {}});
    channel->connect();
    return channel;
  }
  static HttpAnswer reply(int status, std::string body,
                          std::vector<std::pair<std::string, std::string>> headers = {}) {
    headers.emplace_back("yallchat", "1");
    return {status, std::move(headers), std::move(body)};
  }
  HttpRequest join(OpenChannel& channel, const std::string& key = "key",
                   const std::string& head = "0") {
    const HttpRequest asked = transport.answer(
        "/join/ringo", reply(200, R"(["ringo"])", {{"session", key}, {"seqnr", head}}));
    channel.turn();
    return asked;
  }
  // Over the stream.
  void say(OpenChannel& channel, const std::string& text, const std::string& number) {
    transport.part(R"({"type":"MSG","seqnr":)" + number + R"(,"source":"paul","body":")" + text +
                   "\"}\n");
    channel.turn();
  }
  void kick(OpenChannel& channel) {
    transport.part("{\"type\":\"END\",\"reason\":\"kicked\"}\n");
    channel.turn();
  }
  static std::string header(const HttpRequest& request, const std::string& name) {
    for (const auto& [key, value] : request.headers)
      if (key == name) return value;
    return "";
  }
  static std::vector<std::string> texts(const Room& room) {
    std::vector<std::string> all;
    for (Room::Id id = room.first(); id < room.end(); ++id) all.push_back(room.entry(id).text);
    return all;
  }

  std::string folder;
  TestClock clock;
  CountingRandom random;
  ScriptedTransport transport;
  Mentions mentions{{"ringo"}};
  std::vector<std::string> called;
};

TEST_F(OpenChannelTest, ASessionThatEndedIsFollowedByOneThatPassesNothingOver) {
  const auto channel = open();
  join(*channel);
  say(*channel, "ringo: one", "1");
  EXPECT_THAT(called, ElementsAre("ringo: one"));
  kick(*channel);
  transport.answer("/join/ringo", reply(403, "false"));
  channel->turn();
  ASSERT_TRUE(channel->ended());
  EXPECT_THAT(texts(channel->room()).back(), HasSubstr("/join x tries again"));
  channel->connect();
  join(*channel, "other", "9");
  channel->turn();
  const auto stream = std::ranges::find_if(
      transport.waiting, [](const auto& one) { return bool(one.second.request.part); });
  ASSERT_NE(stream, transport.waiting.end());
  EXPECT_EQ(header(stream->second.request, "seqnr"), "2");
}

TEST_F(OpenChannelTest, WhatIsOnItsWayWhenTheUserLeavesMayBeThere) {
  const auto channel = open();
  join(*channel);
  channel->say("on its way");
  channel->say("behind");
  channel->turn();
  ASSERT_TRUE(transport.has("/messages"));
  channel->leave();
  channel->leave();  // and waits for nothing
  transport.answer("/leave/", reply(200, "true"));
  channel->turn();
  ASSERT_TRUE(channel->ended());
  std::vector<bool> open_ones;
  for (const OwnLine& line : channel->room().own_lines()) open_ones.push_back(line.may_be_there);
  EXPECT_THAT(open_ones, ElementsAre(true, false));
}

TEST_F(OpenChannelTest, WhatASessionTookWithItGoesAgainUnderItsKey) {
  const auto channel = open();
  join(*channel);
  channel->say("hello");
  channel->turn();
  const std::string key =
      header(transport.answer("/messages", reply(401, "false")), "Idempotency-Key");
  channel->turn();
  transport.answer("/join/ringo", reply(403, "false"));
  channel->turn();
  EXPECT_EQ(channel->room().own_lines().front().state, OwnLine::State::failed);
  channel->resend();
  join(*channel, "other");
  channel->turn();
  EXPECT_EQ(header(transport.answer("/messages", reply(200, "true")), "Idempotency-Key"), key);
}

TEST_F(OpenChannelTest, TheNextRunOffersTheKeyUnlessTheChannelWasLeft) {
  {
    const auto channel = open();
    join(*channel, "first");
    EXPECT_TRUE(channel->go_away());
  }
  {
    const auto channel = open();
    EXPECT_EQ(header(join(*channel, "first"), "session"), "first");
    channel->leave();
    transport.answer("/leave/", reply(200, "true"));
    channel->turn();
  }
  const auto channel = open();
  EXPECT_EQ(header(join(*channel, "second"), "session"), "");
}

TEST_F(OpenChannelTest, AKeyThatIsMadeAnewIsTheOneThatIsRemembered) {
  {
    const auto channel = open();
    join(*channel, "first");
    kick(*channel);
    join(*channel, "second");
    channel->go_away();
  }
  const auto channel = open();
  EXPECT_EQ(header(join(*channel), "session"), "second");
}

TEST_F(OpenChannelTest, LeavingWaitsForWhatIsOnItsWayButNotWhenAskedTwice) {
  const auto channel = open();
  join(*channel);
  channel->say("hello");
  channel->leave();
  channel->turn();
  EXPECT_FALSE(transport.has("/leave/"));
  EXPECT_TRUE(transport.has("/messages"));
  channel->leave();
  EXPECT_TRUE(transport.has("/leave/"));
}

TEST_F(OpenChannelTest, LeavingWaitsForAsLongAsLinesAreAcknowledged) {
  const auto channel = open();
  join(*channel);
  for (int i = 0; i < 4; ++i) channel->say("hello");
  channel->leave();
  for (int i = 0; i < 3; ++i) {
    channel->turn();
    clock.now += std::chrono::milliseconds(limits::client_own_seen_timeout_ms - 1'000);
    transport.answer("/messages", reply(200, "true", {{"seqnr", std::to_string(i + 1)}}));
  }
  channel->turn();
  EXPECT_FALSE(transport.has("/leave/"));
  clock.now += std::chrono::milliseconds(limits::client_own_seen_timeout_ms);
  channel->turn();
  EXPECT_TRUE(transport.has("/leave/"));
  EXPECT_GT(channel->wake_at(), clock.now);
}

}  // namespace
}  // namespace yallchat::screen
