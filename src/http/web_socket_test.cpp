#include "http/web_socket.h"

#include <gtest/gtest.h>

#include <optional>

#include "http/http_testing.h"
#include "hub/large_channels_testing.h"

namespace yallchat {
namespace {

// A client's frame. The mask is of zeros, and so changes nothing.
std::string frame(ws::Opcode opcode, std::string_view payload) {
  std::string bytes;
  ws::append_header(bytes, opcode, payload.size());
  bytes[1] = static_cast<char>(bytes[1] | 0x80);
  return bytes.append(4, '\0').append(payload);
}

std::size_t count(std::string_view bytes, std::string_view word) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = bytes.find(word, at)) != bytes.npos; ++at) ++found;
  return found;
}

struct World : HttpWorld {
  World() {
    head.status = 101;
    make = [this](Connection& connection) {
      return std::make_unique<WebSocket>(
          connection, WebSocket::Options{*hub, *replica, posting, limits::max_message, clock},
          parse_channel("octopus").value(), std::nullopt);
    };
    client.emplace(connect());
    open("octopus");
    client->read();
  }

  void open(const std::string& channel) {
    const std::string key = new_session_key(random);
    Join join;
    join.channel = {channel, channel};
    join.user = {"ringo", "ringo", {"ringo"}, true};
    join.key = *hash_of_key(key);
    ask(join);
    client->send(frame(ws::Opcode::text, R"({"type":"OPEN","channel":")" + channel +
                                             R"(","session":")" + key + R"("})"));
    settle();
  }

  Seqnr newest() const { return replica->machine().find_channel("octopus")->head; }

  Posting posting{{.posts_a_session_a_second = 0}, *replica, clock};
  std::optional<ClientEnd> client;
};

const std::string post = frame(ws::Opcode::text, R"({"type":"POST","body":"x"})");

const std::string ping = frame(ws::Opcode::ping, "hello");

std::string times(std::size_t count, const std::string& bytes) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += bytes;
  return all;
}

TEST(WebSocket, OfManyPostsThatCameAtOnceATurnTakesSoMany) {
  World w;
  constexpr std::size_t posts = 3 * limits::requests_a_turn + 5;
  w.client->send(times(posts, post));
  std::size_t before = 0;
  for (int turns = 0; turns < 3; ++turns) {
    w.turn();
    const std::size_t after = count(w.client->read(), R"("POSTED")");
    EXPECT_EQ(after, limits::requests_a_turn);
    EXPECT_TRUE(w.pool.has_work()) << "nothing else wakes the loop for the others";
    before += after;
  }
  w.settle();
  EXPECT_EQ(before + count(w.client->read(), R"("POSTED")"), posts);
}

TEST(WebSocket, OfManyPingsThatCameAtOnceATurnAnswersSoMany) {
  World w;
  w.client->send(times(2 * limits::requests_a_turn, ping));
  w.turn();
  EXPECT_EQ(count(w.client->read(), "hello"), limits::requests_a_turn);
  w.settle();
  EXPECT_EQ(count(w.client->read(), "hello"), limits::requests_a_turn);
}

TEST(WebSocket, NoMorePostsAreTakenThanMayBeUndecidedHoweverLongTheLogTakes) {
  World w;
  constexpr std::size_t posts = 2 * limits::pipelined_requests + 5;
  w.client->send(times(posts, post));
  for (int turns = 0; turns < 3; ++turns) {
    w.pool.begin_turn();
    w.pool.receive();
  }
  w.replica->turn();
  EXPECT_EQ(w.newest(), Seqnr(limits::pipelined_requests));
  w.settle();
  EXPECT_EQ(w.newest(), Seqnr(posts)) << "what was not wanted then is taken when there is room";
}

TEST(WebSocket, WhoIsGivenUpForOthersInTheMiddleOfADirectoryIsDisconnected) {
  LargeChannels<World> w;
  w.make("octopus0");
  w.open("octopus0");
  for (std::size_t n = 1; n < w.fit; ++n) w.stall(w.make("octopus" + std::to_string(n)));
  EXPECT_EQ(w.pool.size(), 1U);
  w.stall(w.make("zebra"));
  w.settle();
  EXPECT_EQ(w.pool.size(), 0U);
}

TEST(WebSocket, WhatWasSentBeforeAnEndIsPostedThoughItTakesSeveralTurns) {
  World w;
  w.client->send(times(3 * limits::requests_a_turn, ping) + post);
  w.client->end_sending();
  w.settle();
  EXPECT_EQ(w.newest(), Seqnr(1));
}

}  // namespace
}  // namespace yallchat
