// The session with servers of all kinds, by polls.
#include "client/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/session_testing.h"

namespace yallchat {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(SessionTest, PollsAtTheIntervalAndAtOnceAfterAnEvent) {
  join();
  transport.answer("/events", reply(204, ""));
  EXPECT_EQ(session.wake_at(), clock.now + seconds(1));
  sleep();
  transport.answer("/events", reply(200, "\"hi\"", {{"seqnr", "1"}, {"type", "MSG"}}));
  EXPECT_EQ(session.wake_at(), clock.now);
  EXPECT_THAT(messages, ElementsAre("hi"));
}

TEST_F(SessionTest, AServerThatStaysAwayIsGivenUpAfterTheRetryTimeAndNotBefore) {
  join();
  const Monotonic lost = clock.now;
  while (!session.ended()) {
    transport.fail("/events", false);
    if (!session.ended()) sleep();
  }
  EXPECT_EQ(clock.now, lost + seconds(60));
  EXPECT_EQ(session.ended()->how, SessionEnd::How::unreachable);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("trying again for 60s")));
  EXPECT_THAT(session.ended()->words, HasSubstr("gave up after trying again for 60s"));
}

TEST_F(SessionTest, AnOutageThatEndsIsForgotten) {
  join();
  transport.fail("/events", true);
  sleep();
  transport.answer("/events", reply(204, ""));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("lost"), "connected again"));
  clock.now += seconds(3'600);
  session.turn();
  transport.fail("/events", true);
  EXPECT_FALSE(session.ended());
}

TEST_F(SessionTest, ALineThatIsNotAcknowledgedWhenGivingUpIsNamed) {
  join();
  transport.answer("/events", reply(204, ""));
  session.send(7, "hello");
  session.turn();
  while (!session.ended()) {
    transport.fail("/messages", true);
    if (transport.has("/events")) transport.answer("/events", reply(204, ""));
    if (!session.ended())
      while (!transport.has("/messages")) {
        if (transport.has("/events")) transport.answer("/events", reply(204, ""));
        sleep();
      }
  }
  EXPECT_THAT(session.unacknowledged(), ElementsAre(7U));
  EXPECT_THAT(session.ended()->words, HasSubstr("gave up after trying again for 60s"));
}

TEST_F(SessionTest, LeavingGivesUpWhatIsNotAcknowledgedAndKnowsItsNumbers) {
  join();
  session.send(7, "on its way");
  session.send(9, "waiting");
  session.turn();
  session.leave();
  transport.answer("/leave/", reply(200, "true"));
  EXPECT_TRUE(session.ended());
  EXPECT_THAT(session.unacknowledged(), ElementsAre(7U, 9U));
}

TEST_F(SessionTest, ALostSessionIsToldOnceAndShort) {
  join();
  transport.answer("/events", reply(401, "false", {{"reason", "no-session"}}));
  EXPECT_THAT(warnings,
              ElementsAre("the server ended the session (HTTP 401, no-session); joining again"));
}

TEST_F(SessionTest, ATakenNameWhenJoiningAgainIsWaitedOut) {
  join();
  transport.answer("/events", reply(401, "false"));
  sleep();
  const HttpRequest again = transport.answer("/join/ringo", reply(409, "false"));
  EXPECT_EQ(header(again, "session"), "key");
  EXPECT_FALSE(session.ended());
  sleep();
  const HttpRequest third = transport.answer("/join/ringo", joined());
  EXPECT_EQ(header(again, "Idempotency-Key"), header(third, "Idempotency-Key"));
  session.turn();
  EXPECT_TRUE(transport.has("/events"));
}

TEST_F(SessionTest, ATakenNameThatStaysTakenIsARefusalInTheEnd) {
  join();
  transport.answer("/events", reply(401, "false"));
  while (!session.ended()) {
    sleep();
    if (transport.has("/join/ringo")) transport.answer("/join/ringo", reply(409, "false"));
  }
  EXPECT_EQ(session.ended()->how, SessionEnd::How::refused);
}

TEST_F(SessionTest, AServerThatRefusesEachNewSessionIsNotAskedInAHurryNorForEver) {
  join();
  int joins = 0;
  const Monotonic begin = clock.now;
  while (!session.ended() && joins < 1'000) {
    if (transport.has("/events")) transport.answer("/events", reply(403, "false"));
    if (session.ended()) break;
    sleep();
    if (transport.has("/join/ringo")) {
      transport.answer("/join/ringo", joined());
      ++joins;
      session.turn();
    }
  }
  EXPECT_EQ(session.ended()->how, SessionEnd::How::unreachable);
  EXPECT_GE(clock.now - begin, seconds(60));
  EXPECT_LT(joins, 50);
}

TEST_F(SessionTest, ASecondRefusalAfterJoiningAgainIsTheLinesOwn) {
  join();
  session.send(1, "hello");
  session.turn();
  transport.answer("/messages", reply(403, "false"));
  sleep();
  transport.answer("/join/ringo", joined());
  session.turn();
  transport.answer("/messages", reply(403, "false"));
  EXPECT_THAT(refused, ElementsAre(1U));
}

TEST_F(SessionTest, AnAnswerToTheOldSessionSaysNothingOfTheNewOne) {
  join();
  session.send(1, "hello");
  session.turn();
  transport.answer("/events", reply(401, "false"));
  sleep();
  transport.answer("/join/ringo", reply(200, "[]", {{"session", "new"}, {"seqnr", "0"}}));
  transport.answer("/directory", reply(200, R"(["ringo"])"));
  transport.answer("/messages", reply(401, "false"));
  session.turn();
  EXPECT_FALSE(transport.has("/join/ringo"));
  EXPECT_EQ(header(transport.answer("/messages", reply(200, "true")), "session"), "new");
}

TEST_F(SessionTest, LeavingWhileTheJoinIsOnItsWayWaitsForItAndLeaves) {
  session.start();
  session.leave();
  EXPECT_FALSE(session.ended());
  transport.answer("/join/ringo", joined());
  EXPECT_EQ(header(transport.answer("/leave/", reply(200, "true")), "session"), "key");
  EXPECT_EQ(session.ended()->how, SessionEnd::How::left);
}

TEST_F(SessionTest, LeavingBeforeTheDirectoryIsThereForgetsTheDirectory) {
  session.start();
  transport.answer("/join/ringo", reply(200, "true", {{"session", "key"}}));
  session.leave();
  EXPECT_FALSE(transport.has("/directory"));
  transport.answer("/leave/", reply(200, "true"));
  EXPECT_TRUE(session.ended());
}

TEST_F(SessionTest, ALeaveThatIsNotAnsweredIsNotWaitedForLong) {
  join();
  session.leave();
  const Monotonic asked = clock.now;
  sleep();
  EXPECT_TRUE(session.ended());
  EXPECT_LE(clock.now - asked, seconds(2));
}

TEST_F(SessionTest, OwnMessagesAreWaitedForNoLongerThanFiveSeconds) {
  join();
  session.send(1, "hello");
  session.finish();
  session.turn();
  transport.answer("/messages", reply(200, "true", {{"seqnr", "1"}}));
  const Monotonic acknowledged = clock.now;
  while (!transport.has("/leave/")) {
    if (transport.has("/events")) transport.answer("/events", reply(204, ""));
    sleep();
  }
  EXPECT_EQ(clock.now, acknowledged + seconds(5));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("not read back")));
}

TEST_F(SessionTest, AServerThatAsksForPatienceIsGivenIt) {
  join();
  transport.answer("/events", reply(204, ""));
  session.send(1, "hello");
  session.turn();
  transport.answer("/messages", reply(429, "false", {{"retry-after", "20"}}));
  const Monotonic asked = clock.now;
  while (!transport.has("/messages")) {
    if (transport.has("/events")) transport.answer("/events", reply(204, ""));
    sleep();
  }
  EXPECT_EQ(clock.now, asked + seconds(20));
  EXPECT_THAT(warnings, IsEmpty());
}

// A server written from the original text, which is asked for its directory first.
class ForeignTest : public SessionTest {
 protected:
  using SessionTest::SessionTest;

  static HttpAnswer foreign(int status, std::string body,
                            std::vector<std::pair<std::string, std::string>> headers = {}) {
    return {status, std::move(headers), std::move(body)};
  }
  static HttpAnswer directory() { return foreign(200, R"(["ringo"])", {{"type", "DIR"}}); }
  static HttpAnswer own(const std::string& text) {
    return foreign(200, '"' + text + '"', {{"seqnr", "1"}, {"type", "MSG"}, {"source", "ringo"}});
  }
  void join_answers() {
    transport.answer("/join/ringo", foreign(200, R"(["ringo"])", {{"session", "key"}}));
    transport.answer("/directory", directory());
    session.turn();
  }
  void join() {
    session.start();
    join_answers();
  }
};

class BacklogTest : public ForeignTest {
 protected:
  BacklogTest() : ForeignTest(backlog()) {}

  static SessionOptions backlog() {
    SessionOptions options = polling();
    options.start = {.from = Seqnr(1), .oldest_kept = true};
    options.stop_when_caught_up = true;
    return options;
  }
};

TEST_F(BacklogTest, ADirectoryThatIsKnownAlreadyIsNotTheEndOfTheBacklog) {
  join();
  transport.answer("/1/events", directory());
  EXPECT_FALSE(session.ended());
  EXPECT_EQ(session.wake_at(), clock.now);
  sleep();
  transport.answer("/1/events", foreign(200, "\"one\"", {{"seqnr", "1"}, {"type", "MSG"}}));
  sleep();
  transport.answer("/2/events", directory());
  sleep();
  transport.answer("/2/events", foreign(200, "\"two\"", {{"seqnr", "2"}, {"type", "MSG"}}));
  EXPECT_FALSE(transport.has("/leave/"));
  sleep();
  transport.answer("/3/events", foreign(204, ""));
  EXPECT_TRUE(transport.has("/leave/"));
  EXPECT_THAT(messages, ElementsAre("one", "two"));
}

TEST_F(BacklogTest, AServerThatOnlyRepeatsItsDirectoryHasNothingNew) {
  join();
  transport.answer("/1/events", directory());
  sleep();
  transport.answer("/1/events", directory());
  EXPECT_TRUE(transport.has("/leave/"));
}

TEST_F(BacklogTest, TheDirectoriesOfTwoSessionsAreNotARow) {
  join();
  transport.answer("/1/events", directory());
  sleep();
  transport.answer("/1/events", foreign(401, "false"));
  sleep();
  join_answers();
  transport.answer("/1/events", directory());
  EXPECT_FALSE(transport.has("/leave/"));
}

TEST_F(BacklogTest, WhereTheServerToldTheLastMessageNoDirectoryEndsTheBacklogBeforeIt) {
  session.start();
  transport.answer("/join/ringo", reply(200, R"(["ringo"])", {{"session", "key"}, {"seqnr", "1"}}));
  session.turn();
  for (int n = 0; n < 3; ++n) {
    transport.answer("/events", reply(200, R"(["ringo"])", {{"type", "DIR"}}));
    sleep();
  }
  EXPECT_FALSE(transport.has("/leave/"));
  transport.answer("/events", reply(200, "\"one\"", {{"seqnr", "1"}, {"type", "MSG"}}));
  EXPECT_TRUE(transport.has("/leave/"));
  EXPECT_THAT(messages, ElementsAre("one"));
}

TEST_F(ForeignTest, AServerThatOnlyRepeatsItsDirectoryIsAskedAtTheInterval) {
  join();
  transport.answer("/events", directory());
  EXPECT_EQ(session.wake_at(), clock.now);
  for (int n = 0; n < 3; ++n) {
    sleep();
    transport.answer("/events", directory());
    EXPECT_EQ(session.wake_at(), clock.now + seconds(1));
  }
}

TEST_F(ForeignTest, ADirectoryThatIsKnownAlreadyDoesNotMeanThatALineWasLost) {
  join();
  transport.answer("/events", foreign(204, ""));
  session.send(1, "hello");
  session.turn();
  transport.fail("/messages", true);
  sleep();
  transport.answer("/events", foreign(204, ""));
  sleep();
  transport.answer("/events", directory());
  sleep();
  EXPECT_FALSE(transport.has("/messages"));
  transport.answer("/events", own("hello"));
  sleep();
  EXPECT_FALSE(transport.has("/messages"));
  EXPECT_THAT(warnings, IsEmpty());
}

}  // namespace
}  // namespace yallchat
