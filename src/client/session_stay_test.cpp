// The session as a bridge has it: it stays without reading, and says what became of each line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/session.h"
#include "client/session_testing.h"

namespace yallchat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class StayingTest : public SessionTest {
 protected:
  explicit StayingTest(SessionOptions options = staying()) : SessionTest(std::move(options)) {}

  static SessionOptions staying() {
    SessionOptions options;
    options.interval = seconds(10);
    options.stream = false;
    options.reads = false;
    options.settles = false;
    options.patient = true;
    options.taken = milliseconds(0);
    return options;
  }
  void line_unknown(std::uint64_t number, const std::string&) override {
    unknown.push_back(number);
  }
  // As a server that knows the base only.
  void join_base() {
    session.start();
    transport.answer("/join/ringo", {200, {{"session", "key"}}, R"(["ringo"])"});
    transport.answer("/directory", {200, {}, R"(["ringo"])"});
    session.turn();
  }

  std::vector<std::uint64_t> unknown;
};

TEST_F(StayingTest, AsksForTheDirectoryEachIntervalAndReadsNothing) {
  join();
  for (int i = 0; i < 3; ++i) {
    transport.answer("/directory", reply(200, R"(["paul","ringo"])"));
    EXPECT_THAT(messages, IsEmpty());
    EXPECT_EQ(session.wake_at(), clock.now + seconds(10));
    EXPECT_FALSE(transport.has("/events"));
    sleep();
  }
}

TEST_F(StayingTest, AnIntervalThatIsTooLongForTheServerIsHalved) {
  join();
  transport.answer("/directory", reply(401, "false"));
  sleep();
  transport.answer("/join/ringo", joined());
  session.turn();
  transport.answer("/directory", reply(200, R"(["ringo"])"));
  EXPECT_EQ(session.wake_at(), clock.now + seconds(5));
}

TEST_F(StayingTest, AServerThatIsNotThereAtFirstIsWaitedFor) {
  session.start();
  transport.fail("/join/ringo", false);
  EXPECT_FALSE(session.ended());
  sleep();
  transport.answer("/join/ringo", joined());
  session.turn();
  EXPECT_TRUE(transport.has("/directory"));
}

TEST_F(StayingTest, ANameThatAnotherHoldsIsNotWaitedForThoughItMayBeOurs) {
  session.start();
  transport.fail("/join/ringo", true);
  sleep();
  transport.answer("/join/ringo", reply(409, "false"));
  ASSERT_TRUE(session.ended());
  EXPECT_TRUE(session.ended()->name_taken);
}

TEST_F(StayingTest, ALineWhoseOutcomeIsUnknownIsGivenUpAndTold) {
  join_base();
  session.send(7, "hello");
  session.send(8, "again");
  session.turn();
  transport.fail("/messages", true);
  EXPECT_THAT(unknown, ElementsAre(7U));
  session.turn();
  transport.answer("/messages", {200, {{"seqnr", "3"}}, "true"});
  EXPECT_THAT(acknowledgements, ElementsAre("8 is 3"));
}

TEST_F(StayingTest, AYallchatServerIsAskedAgainUnderTheKeyAndToldTheOrigin) {
  join();
  session.send({.number = 7, .text = "hello", .key = "a/octopus/83", .origin = "a/octopus/83"});
  session.turn();
  transport.fail("/messages", true);
  EXPECT_THAT(unknown, IsEmpty());
  while (!transport.has("/messages")) sleep();
  const HttpRequest put = transport.answer("/messages", reply(200, "true", {{"seqnr", "9"}}));
  EXPECT_EQ(header(put, "Idempotency-Key"), "a/octopus/83");
  EXPECT_EQ(header(put, "origin"), "a/octopus/83");
  EXPECT_THAT(acknowledgements, ElementsAre("7 is 9"));
}

TEST_F(StayingTest, WhereAKeyIsAnotherMessagesTheOtherKeyIsTakenOnce) {
  join();
  session.send({.number = 7, .text = "hello", .key = "a/octopus/83", .other_key = "mine"});
  session.turn();
  transport.answer("/messages", reply(422, "false", {{"reason", "key-reused"}}));
  session.turn();
  const HttpRequest put = transport.answer("/messages", reply(200, "true", {{"seqnr", "9"}}));
  EXPECT_EQ(header(put, "Idempotency-Key"), "mine");
  EXPECT_THAT(acknowledgements, ElementsAre("7 is 9"));
  session.send({.number = 8, .text = "hello", .key = "a/octopus/84", .other_key = "mine too"});
  for (int i = 0; i < 2; ++i) {
    session.turn();
    transport.answer("/messages", reply(422, "false", {{"reason", "key-reused"}}));
  }
  EXPECT_THAT(refused, ElementsAre(8U));
}

class SavedStayingTest : public StayingTest {
 protected:
  SavedStayingTest() : StayingTest(saved()) {}
  static SessionOptions saved() {
    SessionOptions options = staying();
    options.session = "saved";
    return options;
  }
};

TEST_F(SavedStayingTest, AServerThatRepeatsNoJoinIsAskedWhetherItKnowsTheKey) {
  session.start();
  transport.answer("/join/ringo", {409, {}, "false"});
  const HttpRequest asked = transport.answer("/directory", {200, {}, R"(["ringo"])"});
  EXPECT_EQ(header(asked, "session"), "saved");
  EXPECT_FALSE(session.ended());
  EXPECT_EQ(session.key(), "saved");
}

class SavedReadingTest : public SessionTest {
 protected:
  SavedReadingTest() : SessionTest(saved()) {}
  static SessionOptions saved() {
    SessionOptions options = polling();
    options.session = "saved";
    return options;
  }
};

TEST_F(SavedReadingTest, AServerThatRepeatsNoJoinIsReadInANewSession) {
  session.start();
  transport.answer("/join/ringo", {409, {}, "false"});
  const HttpRequest left = transport.answer("/leave/", {200, {}, "true"});
  EXPECT_EQ(header(left, "session"), "saved");
  transport.answer("/join/ringo", {200, {{"session", "new"}}, R"(["ringo"])"});
  EXPECT_EQ(session.key(), "new");
}

class KeyedJoinTest : public StayingTest {
 protected:
  KeyedJoinTest() : StayingTest(keyed()) {}
  static SessionOptions keyed() {
    SessionOptions options = staying();
    options.join_key = "mine";
    return options;
  }
};

TEST_F(KeyedJoinTest, EachJoinHasTheKeyThatWasGiven) {
  session.start();
  EXPECT_EQ(header(transport.answer("/join/ringo", joined()), "Idempotency-Key"), "mine");
  session.turn();
  transport.answer("/directory", reply(401, "false"));
  sleep();
  EXPECT_EQ(header(transport.answer("/join/ringo", joined()), "Idempotency-Key"), "mine");
}

TEST_F(SavedStayingTest, ANameThatSomebodyElseHoldsByNowIsRefused) {
  session.start();
  transport.answer("/join/ringo", {409, {}, "false"});
  transport.answer("/directory", {401, {}, "false"});
  ASSERT_TRUE(session.ended());
  EXPECT_TRUE(session.ended()->name_taken);
}

}  // namespace
}  // namespace yallchat
