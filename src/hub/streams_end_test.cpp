// The ends of streams, and of sessions that have some.

#include <gtest/gtest.h>

#include "hub/streams_testing.h"

namespace yallchat {
namespace {

TEST(Streams, TheEndOfASessionIsTheLastEvent) {
  StreamWorld w;
  w.reader.open();
  w.say({"one"});
  w.ask(Leave{w.ringo});
  w.reader.serve();
  EXPECT_TRUE(w.reader.is_over());
  EXPECT_EQ(w.reader.read().back(), "END 1 left") << "though the channel has nobody left";
}

TEST(Streams, AnEndDoesNotWaitForRoom) {
  StreamWorld w;
  w.reader.open();
  w.reader.room = 10;
  w.say({"one", "two"});
  w.ask(Leave{w.ringo});
  w.reader.serve();
  EXPECT_TRUE(w.reader.is_over());
  w.reader.drain();
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 0 ["ringo"])", "MSG 1 ringo one", "END 1 left"}));
}

TEST(Streams, AStreamOfAChannelThatIsForgottenEnds) {
  StreamWorld w;
  w.reader.open();
  w.ask(Leave{w.ringo});
  w.reader.serve();
  EXPECT_TRUE(w.reader.is_over());
  EXPECT_EQ(w.reader.read().back(), "END 0 left");
}

TEST(Streams, AStopEndsAll) {
  StreamWorld w;
  w.reader.open();
  w.hub->streams().stop();
  w.reader.serve();
  EXPECT_EQ(w.reader.read().back(), "END 0 stopping");
}

TEST(Streams, AnOpenStreamKeepsItsSessionAliveAndAClosedOneDoesNot) {
  StreamWorld w;
  w.settings.session_timeout_ticks = 6;
  w.ask(w.settings);
  w.reader.open();
  const auto pass = [&](int seconds) {
    for (int i = 0; i < 10 * seconds; ++i) {
      w.clock.now += std::chrono::milliseconds(100);
      w.hub->turn();
      w.replica->turn();
    }
    w.reader.serve();
  };
  pass(30);
  EXPECT_TRUE(w.replica->machine().find_session(w.ringo));
  w.reader.close();
  pass(4);
  EXPECT_TRUE(w.replica->machine().find_session(w.ringo)) << "it was active until then";
  pass(10);
  EXPECT_FALSE(w.replica->machine().find_session(w.ringo));
}

TEST(Streams, AnOpenStreamIsToldToTheLogOnceATurnAtMostHoweverShortTheTimeout) {
  StreamWorld w;
  w.settings.session_timeout_ticks = 1;
  w.ask(w.settings);
  w.reader.open();
  w.clock.now += std::chrono::milliseconds(500);
  w.hub->turn();
  w.replica->turn();
  w.hub->turn();
  EXPECT_FALSE(w.replica->has_work()) << "it was told just now";
}

}  // namespace
}  // namespace yallchat
