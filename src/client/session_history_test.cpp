// The session's pages of history, and what else a full screen wants to know of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/session.h"
#include "client/session_testing.h"

namespace yallchat {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using State = Connection::State;

SessionOptions with_key() {
  SessionOptions options;
  options.stream = false;
  options.session = "saved";
  return options;
}

SessionOptions for_ever() {
  SessionOptions options;
  options.stream = false;
  options.retry = retry_for_ever;
  return options;
}

class HistoryTest : public SessionTest {
 protected:
  static std::string said(int from, int to) {
    std::string events;
    for (int number = from; number <= to; ++number)
      events += std::string(events.empty() ? "" : ",") + R"({"type":"MSG","seqnr":)" +
                std::to_string(number) + R"(,"source":"paul","body":")" + std::to_string(number) +
                R"("})";
    return events;
  }
  static HttpAnswer page(const std::string& events, int next, int head) {
    return reply(200, R"({"events":[)" + events + R"(],"first":null,"last":null,"next":)" +
                          std::to_string(next) + R"(,"head":)" + std::to_string(head) + "}");
  }
  std::vector<std::string> bodies() const {
    std::vector<std::string> all;
    for (const StreamEvent& event : pages.back().events) all.push_back(event.event.body);
    return all;
  }
};

TEST_F(HistoryTest, APageEndsBeforeTheMessageThatWasNamed) {
  join();
  session.load_history(Seqnr(9), 3);
  transport.answer("/messages?limit=3&from=6", page(said(6, 8), 9, 12));
  EXPECT_THAT(bodies(), ElementsAre("6", "7", "8"));
  EXPECT_FALSE(pages.back().oldest);
}

TEST_F(HistoryTest, TheFirstMessageHasNothingBeforeIt) {
  join();
  session.load_history(Seqnr(3), 100);
  transport.answer("/messages?limit=2&from=1", page(said(1, 2), 3, 12));
  EXPECT_TRUE(pages.back().oldest);
  session.load_history(Seqnr(1), 100);
  EXPECT_THAT(bodies(), IsEmpty());
  EXPECT_TRUE(pages.back().oldest);
}

TEST_F(HistoryTest, WhatIsNoLongerKeptIsAGapAndTheEnd) {
  join();
  session.load_history(Seqnr(9), 6);
  transport.answer("/messages?limit=6&from=3",
                   page(R"({"type":"GAP","from":3,"first":8},)" + said(8, 8), 9, 12));
  EXPECT_EQ(pages.back().events.front().from, Seqnr(3));
  EXPECT_EQ(pages.back().events.front().first, Seqnr(8));
  EXPECT_TRUE(pages.back().oldest);
}

TEST_F(HistoryTest, APageThatWasCutShortIsCompletedBeforeItIsGiven) {
  join();
  session.load_history(Seqnr(9), 4);
  transport.answer("/messages?limit=4&from=5", page(said(5, 6), 7, 12));
  EXPECT_THAT(pages, IsEmpty());
  transport.answer("/messages?limit=2&from=7", page(said(7, 8), 9, 12));
  EXPECT_THAT(bodies(), ElementsAre("5", "6", "7", "8"));
}

TEST_F(HistoryTest, TheNewestPageNeedsNoNumber) {
  join();
  session.load_history(std::nullopt, 2);
  transport.answer("/messages?limit=2", page(said(11, 12), 13, 12));
  EXPECT_THAT(bodies(), ElementsAre("11", "12"));
}

TEST_F(HistoryTest, AFailureIsToldAndThePageMayBeAskedForAgain) {
  join();
  session.load_history(Seqnr(9), 3);
  transport.fail("&from=6", true);
  EXPECT_THAT(refusals, ElementsAre("lost"));
  session.load_history(Seqnr(9), 3);
  transport.answer("&from=6", reply(200, "no page"));
  EXPECT_EQ(refusals.size(), 2U);
  session.load_history(Seqnr(9), 3);
  EXPECT_TRUE(transport.has("&from=6"));
}

TEST_F(HistoryTest, AServerWithoutPagesIsNotAskedForThem) {
  session.start();
  transport.answer("/join/ringo", {200, {{"session", "key"}}, R"(["ringo"])"});
  transport.answer("/directory", {200, {}, R"(["ringo"])"});
  session.load_history(std::nullopt, 3);
  session.find("drummer", 3);
  EXPECT_THAT(refusals, ElementsAre(HasSubstr("WeChat"), HasSubstr("WeChat")));
}

TEST_F(HistoryTest, HitsOfASearchBesideTheChatComeOldestFirst) {
  join();
  session.find("late drummer", 2);
  transport.answer("/messages?q=late%20drummer&limit=2",
                   reply(200, R"({"events":[{"seqnr":9,"source":"a","body":"b"},)"
                              R"({"seqnr":4,"source":"a","body":"c"}],"indexed-to":9,"next":3})"));
  ASSERT_TRUE(searched);
  EXPECT_EQ(searched->hits.front().message.seqnr, Seqnr(4));
  EXPECT_TRUE(searched->more);
  EXPECT_FALSE(session.ended());
}

TEST_F(SessionTest, AnAcknowledgementIsToldWithItsNumber) {
  join();
  session.send(7, "hello");
  session.turn();
  transport.answer("/messages", reply(200, "true", {{"seqnr", "83"}}));
  EXPECT_THAT(acknowledgements, ElementsAre("7 is 83"));
}

TEST_F(SessionTest, ALineMayBeSentUnderTheKeyItHadBefore) {
  join();
  session.send(7, "hello", "the-key");
  session.turn();
  EXPECT_EQ(header(transport.answer("/messages", reply(200, "true")), "Idempotency-Key"),
            "the-key");
}

TEST_F(SessionTest, TheConnectionIsToldAsItIs) {
  session.start();
  EXPECT_EQ(session.connection().state, State::connecting);
  transport.answer("/join/ringo", joined());
  session.turn();
  EXPECT_EQ(session.connection().state, State::polling);
  transport.fail("/events", true);
  EXPECT_EQ(session.connection().state, State::waiting);
  EXPECT_EQ(session.connection().again_at, session.wake_at());
  sleep();
  EXPECT_EQ(session.connection().state, State::connecting);
  session.leave();
  EXPECT_EQ(session.connection().state, State::ended);
}

class ForEverTest : public SessionTest {
 protected:
  ForEverTest() : SessionTest(for_ever()) {}
};

TEST_F(ForEverTest, AnOutageOfDaysIsWaitedOut) {
  join();
  for (int hours = 0; hours < 100; ++hours) {
    transport.fail("/events", false);
    ASSERT_FALSE(session.ended());
    clock.now += seconds(3'600);
    session.turn();
  }
  transport.answer("/events", reply(204, ""));
  EXPECT_THAT(warnings, ElementsAre("lost; trying again", "connected again"));
}

class SavedSessionTest : public SessionTest {
 protected:
  SavedSessionTest() : SessionTest(with_key()) {}
};

TEST_F(SavedSessionTest, TheKeyOfAnEarlierRunIsOfferedAtTheJoin) {
  session.start();
  const HttpRequest join =
      transport.answer("/join/ringo", reply(200, R"(["ringo"])", {{"session", "saved"}}));
  EXPECT_EQ(header(join, "session"), "saved");
  EXPECT_EQ(session.key(), "saved");
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(SavedSessionTest, AServerThatDoesNotKnowItAnyMoreGivesANewOne) {
  session.start();
  transport.answer("/join/ringo", joined());
  EXPECT_EQ(session.key(), "key");
}

TEST_F(SavedSessionTest, AServerThatIsNotThereIsGivenUpAtOnceAsWithoutAKey) {
  session.start();
  transport.fail("/join/ringo", false);
  EXPECT_TRUE(session.ended());
}

}  // namespace
}  // namespace yallchat
