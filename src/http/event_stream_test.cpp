#include "http/event_stream.h"

#include <gtest/gtest.h>

#include <vector>

#include "http/http_testing.h"
#include "hub/large_channels_testing.h"

namespace yallchat {
namespace {

// Streams of one channel.
struct World : HttpWorld {
  // A stream of that session.
  ClientEnd stream(SessionId id) {
    head = EventStream::head(ndjson);
    make = [this, id](Connection& connection) {
      return std::make_unique<EventStream>(connection, *hub, session(id), Seqnr(1), ndjson);
    };
    return connect();
  }
  // Says more than the system takes for one that does not read.
  void say_much() {
    const SessionId writer = join("octopus", "writer");
    const std::string text(limits::max_message, 'x');
    for (int i = 0; i < 60; ++i) {
      post(writer, text);
      settle();
    }
  }

  SessionId ringo = join("octopus", "ringo");
  SessionId paul = join("octopus", "paul");
};

constexpr int tenths_of_a_second = 10;

TEST(EventStream, WhoReadsIsGivenTheEndOfItsSessionAtOnce) {
  World w;
  const ClientEnd reader = w.stream(w.ringo);
  w.ask(Leave{w.ringo});
  w.settle();
  EXPECT_TRUE(reader.read().ends_with("\"reason\":\"left\"}\n"));
}

TEST(EventStream, OfASessionThatIsOverNothingIsLeftASecondLaterThoughNobodyReads) {
  World w;
  std::vector<ClientEnd> stalled;
  std::vector<ClientEnd> others;
  for (std::size_t i = 0; i < limits::streams_a_session; ++i) {
    stalled.push_back(w.stream(w.ringo));
    // Among many, for of these each is looked at once a second only.
    for (int n = 0; n < 9; ++n) others.push_back(w.stream(w.paul));
  }
  w.say_much();
  w.ask(Leave{w.ringo});
  w.settle();
  EXPECT_EQ(w.pool.size(), stalled.size() + others.size());
  for (int i = 0; i < tenths_of_a_second; ++i) w.pass_tenth();
  EXPECT_EQ(w.pool.size(), others.size());
}

TEST(EventStream, WhoIsGivenUpForOthersInTheMiddleOfADirectoryIsDisconnected) {
  LargeChannels<World> w;
  const ClientEnd stalled = w.stream(w.make("octopus0"));
  for (std::size_t n = 1; n < w.fit; ++n) w.stall(w.make("octopus" + std::to_string(n)));
  EXPECT_EQ(w.pool.size(), 1U);
  w.stall(w.make("zebra"));
  w.settle();
  EXPECT_EQ(w.pool.size(), 0U);
}

TEST(EventStream, WhoTakesALittleNowAndThenDoesNotPutOffTheEnd) {
  World w;
  // In the middle of a directory of 2 MB.
  for (int n = 0; n < 200; ++n) w.join("octopus", std::to_string(n) + std::string(10'000, 'x'));
  const ClientEnd slow = w.stream(w.ringo);
  w.ask(Leave{w.ringo});
  w.settle();
  for (int i = 0; i < tenths_of_a_second; ++i) {
    slow.read(100'000);
    w.pass_tenth();
  }
  EXPECT_EQ(w.pool.size(), 0U);
}

}  // namespace
}  // namespace yallchat
