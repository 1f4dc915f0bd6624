// The session with a server that gives streams, and with those that do so badly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/session_testing.h"

namespace yallchat {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string dir = R"({"type":"DIR","channel":"x","seqnr":0,"users":["ringo"]})"
                        "\n";

std::string msg(int seqnr, const std::string& text) {
  return R"({"type":"MSG","channel":"x","seqnr":)" + std::to_string(seqnr) +
         R"(,"source":"paul","body":")" + text + "\"}\n";
}

class StreamTest : public SessionTest {
 protected:
  explicit StreamTest(SessionOptions options = {}) : SessionTest(std::move(options)) {}

  void join_and_stream() {
    join();
    transport.part(dir);
  }
  std::string position() { return header(transport.fail("stream", true), "seqnr"); }
  HttpAnswer polled(int seqnr, const std::string& text) {
    return reply(200, '"' + text + '"',
                 {{"seqnr", std::to_string(seqnr)}, {"type", "MSG"}, {"source", "paul"}});
  }
  // Lets time go until the request is there.
  void await(const std::string& end) {
    for (int n = 0; n < 1'000 && !transport.has(end); ++n) sleep();
    ASSERT_TRUE(transport.has(end)) << end;
  }
};

class StreamedBacklogTest : public StreamTest {
 protected:
  StreamedBacklogTest() : StreamTest(backlog()) {}

  static SessionOptions backlog() {
    SessionOptions options;
    options.start.from = Seqnr(3);
    return options;
  }
};

TEST_F(StreamTest, WhatComesOverAStreamIsToldAtOnceAndNothingIsPolled) {
  join_and_stream();
  const Monotonic begin = clock.now;
  transport.part(msg(1, "one") + msg(2, "two").substr(0, 20));
  EXPECT_THAT(messages, ElementsAre("one"));
  transport.part(msg(2, "two").substr(20) + R"({"type":"JOIN","seqnr":2,"source":"paul"})" +
                 "\n\n" + R"({"type":"NEW","seqnr":2})" + "\n" + msg(3, "three") +
                 R"({"type":"LEAVE","seqnr":3,"source":"paul","reason":"kicked"})" + "\n");
  EXPECT_THAT(messages, ElementsAre("one", "two", "+paul", "three", "-paul"));
  EXPECT_EQ(clock.now, begin);
  session.turn();
  EXPECT_FALSE(transport.has("/events"));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(StreamTest, ALineIsSentAndReadBackWhileTheStreamIsOpen) {
  join_and_stream();
  session.send(1, "hello");
  session.finish();
  session.turn();
  transport.part(R"({"type":"MSG","seqnr":1,"source":"ringo","body":"hello"})"
                 "\n");
  transport.answer("/messages", reply(200, "true", {{"seqnr", "1"}}));
  session.turn();
  EXPECT_TRUE(transport.has("/leave/"));
  EXPECT_FALSE(transport.has("stream"));
}

TEST_F(StreamTest, ABrokenStreamIsOpenedAgainSoonWhereItWasAndNobodyIsToldOfIt) {
  join_and_stream();
  transport.part(msg(1, "one"));
  transport.fail("stream", true);
  const Monotonic broken = clock.now;
  sleep();
  EXPECT_GT(clock.now, broken);
  EXPECT_LE(clock.now, broken + std::chrono::milliseconds(250));
  transport.part(dir + msg(1, "one") + msg(2, "two"));
  EXPECT_EQ(position(), "2");
  EXPECT_THAT(messages, ElementsAre("one", "two"));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(StreamTest, WhoCameAndWentWhileAStreamWasBrokenIsReadOffTheNextDirectory) {
  join_and_stream();
  transport.fail("stream", true);
  sleep();
  transport.part(R"({"type":"DIR","seqnr":0,"users":["paul","ringo"]})"
                 "\n");
  EXPECT_THAT(messages, ElementsAre("+paul"));
}

TEST_F(StreamTest, AServerThatIsAwayIsWaitedForByPollsAndThenReadByAStream) {
  join_and_stream();
  const Monotonic lost = clock.now;
  transport.fail("stream", true);
  while (clock.now < lost + seconds(40)) {
    if (transport.has("stream")) transport.fail("stream", false);
    if (transport.has("/events")) transport.fail("/events", false);
    sleep();
  }
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("trying again for 60s")));
  await("/events");
  EXPECT_FALSE(transport.has("stream"));
  transport.answer("/events", polled(1, "meanwhile"));
  session.turn();
  transport.part(dir + msg(2, "two"));
  EXPECT_THAT(messages, ElementsAre("meanwhile", "two"));
  EXPECT_THAT(warnings, ElementsAre(testing::_, "connected again"));
}

TEST_F(StreamTest, AServerThatStaysAwayIsGivenUpAfterTheRetryTime) {
  join_and_stream();
  const Monotonic lost = clock.now;
  transport.fail("stream", true);
  while (!session.ended()) {
    sleep();
    if (transport.has("stream")) transport.fail("stream", false);
    if (transport.has("/events")) transport.fail("/events", false);
  }
  EXPECT_EQ(session.ended()->how, SessionEnd::How::unreachable);
  EXPECT_GE(clock.now, lost + seconds(60));
  EXPECT_LE(clock.now, lost + seconds(62));
}

TEST_F(StreamTest, AStreamThatIsSilentForTooLongIsOpenedAnew) {
  join_and_stream();
  clock.now += seconds(39);
  session.turn();
  transport.part("\n");
  clock.now += seconds(39);
  session.turn();
  EXPECT_TRUE(transport.has("stream"));
  const Monotonic silent = clock.now;
  sleep();
  EXPECT_EQ(clock.now, silent + seconds(1));
  EXPECT_FALSE(transport.has("stream"));
  sleep();
  EXPECT_TRUE(transport.has("stream"));
}

TEST_F(StreamTest, AStreamThatBringsNothingLeavesNobodyDeaf) {
  join();
  const Monotonic asked = clock.now;
  sleep();
  EXPECT_EQ(clock.now, asked + seconds(1));
  transport.answer("/events", polled(1, "one"));
  sleep();
  transport.answer("/events", reply(204, ""));
  while (transport.has("stream")) {
    if (transport.has("/events")) transport.answer("/events", reply(204, ""));
    sleep();
  }
  EXPECT_EQ(clock.now, asked + seconds(5));
  EXPECT_THAT(messages, ElementsAre("one"));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("its first byte did not come")));
  // And it is tried again, but not soon.
  while (!transport.has("stream")) {
    if (transport.has("/events")) transport.answer("/events", reply(204, ""));
    sleep();
  }
  EXPECT_EQ(clock.now, asked + seconds(305));
}

TEST_F(StreamTest, WhatWasPolledWhileTheStreamWasOpeningComesOnce) {
  join();
  sleep();
  transport.answer("/events", polled(1, "one"));
  session.turn();
  EXPECT_TRUE(transport.has("/events"));
  transport.part(dir + msg(1, "one") + msg(2, "two"));
  EXPECT_FALSE(transport.has("/events"));
  EXPECT_THAT(messages, ElementsAre("one", "two"));
}

TEST_F(StreamTest, AServerWithoutStreamsIsPolledAtOnce) {
  join();
  transport.answer("stream", reply(200, "\"one\"", {{"seqnr", "1"}, {"type", "MSG"}}));
  EXPECT_EQ(session.wake_at(), clock.now);
  session.turn();
  EXPECT_EQ(header(transport.answer("/events", polled(1, "one")), "seqnr"), "1");
  EXPECT_THAT(messages, ElementsAre("one"));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("polling instead")));
  EXPECT_FALSE(transport.has("stream"));
}

TEST_F(StreamTest, AnAnswerOfAnotherKindIsNoStream) {
  join();
  transport.part(msg(1, "one"), "text/html");
  EXPECT_THAT(messages, IsEmpty());
  transport.answer("stream", {200, {{"content-type", "text/html"}}, ""});
  session.turn();
  EXPECT_TRUE(transport.has("/events"));
}

TEST_F(StreamTest, AParameterOfTheTypeChangesNothing) {
  join();
  transport.part(dir + msg(1, "one"), "Application/X-NDJSON; charset=utf-8");
  EXPECT_THAT(messages, ElementsAre("one"));
}

TEST_F(StreamTest, AStreamThatBreaksAgainAndAgainIsPolledInstead) {
  join();
  const Monotonic begin = clock.now;
  int streams = 0;
  while (notes.empty() || notes.back().find("polling instead") == std::string::npos) {
    if (transport.has("stream")) {
      transport.part(dir + msg(1, "one"));
      transport.part(streams++ % 2 == 0 ? "nonsense\n" : "[]\n");
    }
    if (transport.has("/events")) transport.answer("/events", reply(204, ""));
    ASSERT_LT(streams, 20);
    sleep();
  }
  EXPECT_GE(streams, 3);
  EXPECT_LE(clock.now, begin + seconds(30));
  EXPECT_THAT(messages, ElementsAre("one"));
  EXPECT_FALSE(transport.has("stream"));
  if (!transport.has("/events")) sleep();
  transport.answer("/events", polled(2, "two"));
  EXPECT_THAT(messages, ElementsAre("one", "two"));
}

TEST_F(StreamTest, AStreamThatIsCutOffEachMinuteStaysOne) {
  join();
  for (int n = 0; n < 100; ++n) {
    if (!transport.has("stream")) sleep();
    transport.part(dir);
    for (int quarter = 0; quarter < 4; ++quarter) {
      clock.now += seconds(15);
      session.turn();
      transport.part("\n");
    }
    transport.answer("stream", reply(200, "", {{"content-type", "application/x-ndjson"}}));
    ASSERT_FALSE(transport.has("/events"));
  }
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(StreamTest, ALineWithoutAnEndIsABrokenStream) {
  join_and_stream();
  transport.part(std::string(limits::client_answer_bytes + 1, 'x'));
  EXPECT_FALSE(transport.has("stream"));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("a line without an end")));
}

TEST_F(StreamedBacklogTest, AGapIsToldOnceAndReadingGoesOnBehindIt) {
  session.start();
  transport.answer("/join/ringo",
                   reply(200, R"(["ringo"])", {{"session", "key"}, {"seqnr", "2001"}}));
  session.finish();
  session.turn();
  EXPECT_FALSE(transport.has("/leave/"));
  transport.part(dir + R"({"type":"GAP","seqnr":2000,"from":3,"first":2001})" + "\n");
  EXPECT_THAT(messages, ElementsAre("gap 3 2001"));
  EXPECT_EQ(position(), "3");
  sleep();
  transport.part(dir + msg(2001, "one"));
  EXPECT_THAT(messages, ElementsAre("gap 3 2001", "one"));
  session.turn();
  EXPECT_TRUE(transport.has("/leave/"));
}

TEST_F(StreamTest, AMessageThatIsMissingWithoutAWordIsAGapToo) {
  join_and_stream();
  transport.part(msg(1, "one") + msg(4, "four"));
  EXPECT_THAT(messages, ElementsAre("one", "gap 2 4", "four"));
}

TEST_F(StreamTest, ASessionThatIsEndedIsMadeAnewAndReadingResumes) {
  join_and_stream();
  transport.part(msg(1, "one") + R"({"type":"END","seqnr":1,"reason":"kicked"})" + "\n");
  EXPECT_THAT(warnings, ElementsAre("the server ended the session (kicked); joining again"));
  EXPECT_FALSE(transport.has("stream"));
  sleep();
  transport.answer("/join/ringo", reply(200, R"(["ringo"])", {{"session", "new"}, {"seqnr", "2"}}));
  session.turn();
  transport.part(dir + msg(2, "two"));
  EXPECT_EQ(position(), "2");
  EXPECT_THAT(messages, ElementsAre("one", "two"));
}

TEST_F(StreamTest, AKeyThatIsNotAcceptedAnyMoreIsALostSession) {
  join();
  transport.answer("stream", reply(401, "false", {{"reason", "no-session"}}));
  EXPECT_THAT(warnings,
              ElementsAre("the server ended the session (HTTP 401, no-session); joining again"));
}

TEST_F(StreamTest, AServerThatStopsIsWaitedForWithTheSameSession) {
  join_and_stream();
  transport.part(R"({"type":"END","seqnr":0,"reason":"stopping"})"
                 "\n");
  EXPECT_THAT(warnings, ElementsAre("the server is stopping; trying again for 60s"));
  sleep();
  transport.part(dir + msg(1, "one"));
  EXPECT_EQ(position(), "1");
  EXPECT_THAT(warnings, ElementsAre(testing::_, "connected again"));
}

}  // namespace
}  // namespace yallchat
