#include "hub/hub.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "hub/hub_testing.h"

namespace yallchat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Hub, AReaderBeginsAfterHeadAndGetsEachMessageOnce) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.post(ringo, "before");
  const SessionId paul = w.join("octopus", "paul");
  EXPECT_EQ(w.read(paul), "(nothing)");
  w.post(ringo, "one");
  w.post(ringo, "two");
  EXPECT_EQ(w.read(paul), "one");
  EXPECT_EQ(w.read(paul), "two");
  EXPECT_EQ(w.read(paul), "(nothing)");
}

TEST(Hub, ADirectoryComesBeforeFurtherMessagesAndSeveralChangesAreOne) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.post(ringo, "first");
  w.join("octopus", "paul");
  w.join("octopus", "john");
  EXPECT_EQ(w.read(ringo), R"(["john","paul","ringo"])");
  EXPECT_EQ(w.read(ringo), "first");
  EXPECT_EQ(w.read(ringo), "(nothing)");
}

TEST(Hub, TheCursorStaysWhenTheAnswerWasNotSent) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.post(ringo, "one");
  EXPECT_EQ(HubWorld::text(w.ask_poll(ringo)), "one");
  w.hub->delivered(ringo, false);
  EXPECT_EQ(w.read(ringo), "one");
}

TEST(Hub, PollsOfOneSessionAreServedOneAtATime) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.post(ringo, "one");
  w.post(ringo, "two");
  std::vector<std::string> got;
  const auto note = [&](const poll::Answer& answer) { got.push_back(HubWorld::text(answer)); };
  w.hub->poll(w.session(ringo), {}, note);
  w.hub->poll(w.session(ringo), {}, note);
  w.hub->poll(w.session(ringo), {}, note);
  EXPECT_EQ(got, (std::vector<std::string>{"one"}));
  w.hub->delivered(ringo, true);
  w.hub->delivered(ringo, true);
  EXPECT_EQ(got, (std::vector<std::string>{"one", "two", "(nothing)"}));
}

TEST(Hub, MorePollsThanMayWaitAreToldSo) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.post(ringo, "one");
  std::string last;
  for (std::size_t i = 0; i < limits::polls_waiting_a_session + 2; ++i)
    w.hub->poll(w.session(ringo), {}, [&](const poll::Answer& a) { last = HubWorld::text(a); });
  EXPECT_EQ(last, "(too many)");
}

TEST(Hub, APositionPutsTheCursorEveryTimeItIsGiven) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  for (const char* body : {"1", "2", "3"}) w.post(ringo, body);
  EXPECT_EQ(w.read(ringo, w.at(2)), "2");
  EXPECT_EQ(w.read(ringo, w.at(2)), "2");
  EXPECT_EQ(w.read(ringo), "3");
  EXPECT_EQ(w.read(ringo, w.at(0)), "1");
  EXPECT_EQ(w.read(ringo, w.at(9)), "(nothing)");
}

TEST(Hub, APositionOfThePathCountsOnceASessionThoughTheServerRestarts) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  for (const char* body : {"1", "2", "3"}) w.post(ringo, body);
  EXPECT_EQ(w.read(ringo, w.once(2)), "2");
  EXPECT_EQ(w.read(ringo, w.once(2)), "3");
  w.restart_clean();
  EXPECT_EQ(w.read(ringo, w.once(2)), "(nothing)");
  EXPECT_EQ(w.read(ringo, w.once(1)), "1");
}

TEST(Hub, OlderThanKeptBeginsAtTheOldestAndSaysSo) {
  HubWorld w;
  w.settings.history = 1000;
  w.restart();
  const SessionId ringo = w.join("octopus", "ringo");
  for (int i = 1; i <= 1003; ++i) w.post(ringo, std::to_string(i));
  const poll::Answer answer = w.ask_poll(ringo, w.at(2));
  EXPECT_EQ(HubWorld::text(answer), "4");
  EXPECT_EQ(std::get<poll::Event>(answer).first_kept, Seqnr(4));
}

TEST(Hub, AReadThatTheFloorPassesGoesOnAtTheOldestKeptAndIsNoDamage) {
  HubWorld w;
  w.settings.history = 1000;
  w.restart();
  const SessionId ringo = w.join("octopus", "ringo");
  for (int i = 1; i <= 1000; ++i) w.post(ringo, std::to_string(i));
  w.restart_clean();
  HeldReads held(*w.store);
  w.read_through(held);
  std::optional<poll::Answer> answer;
  w.hub->poll(w.session(ringo), {.position = w.at(1)}, [&](const poll::Answer& a) { answer = a; });
  for (int i = 1001; i <= 1100; ++i) w.post(ringo, std::to_string(i));
  w.replica->flush();
  while (!answer) {
    held.release();
    w.inbox.run_one();
  }
  EXPECT_EQ(HubWorld::text(*answer), "101");
  EXPECT_EQ(std::get<poll::Event>(*answer).first_kept, Seqnr(101));
  w.hub.reset();
}

TEST(Hub, ABatchThatTheFloorPassesGoesOnAtTheOldestKeptThoughItWaits) {
  HubWorld w;
  w.settings.history = 1000;
  w.restart();
  const SessionId ringo = w.join("octopus", "ringo");
  for (int i = 1; i <= 1000; ++i) w.post(ringo, std::to_string(i));
  w.restart_clean();
  HeldReads held(*w.store);
  w.read_through(held);
  std::optional<poll::Answer> answer;
  w.hub->poll(w.session(ringo), {.position = w.at(1), .wait_ms = 60'000, .batch = 10},
              [&](const poll::Answer& a) { answer = a; });
  for (int i = 1001; i <= 1100; ++i) w.post(ringo, std::to_string(i));
  w.replica->flush();
  while (!answer && held.release()) w.inbox.run_one();
  ASSERT_TRUE(answer);
  const auto& batch = std::get<poll::Batch>(*answer);
  ASSERT_EQ(batch.items.size(), 10u);
  EXPECT_EQ(batch.items.front().seqnr, Seqnr(101));
  EXPECT_EQ(batch.next, Seqnr(111));
  w.hub.reset();
}

TEST(Hub, HistoryIsReadFromTheStoreAfterARestart) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  for (int i = 1; i <= 200; ++i) w.post(ringo, std::to_string(i));
  w.restart_clean();
  for (int i = 1; i <= 200; ++i)
    ASSERT_EQ(w.read(ringo, i == 1 ? w.at(1) : Position{}), std::to_string(i));
  EXPECT_EQ(w.read(ringo), "(nothing)");
}

TEST(Hub, WhatTheStoreDoesNotHaveYetIsReadToo) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.post(ringo, "old");
  w.restart_clean();
  w.post(ringo, "new");
  w.restart();  // killed: "new" is in the log only
  EXPECT_EQ(w.read(ringo, w.at(1)), "old");
  EXPECT_EQ(w.read(ringo), "new");
}

TEST(Hub, CursorsAreExactAfterACleanStop) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.post(ringo, "1");
  w.post(ringo, "2");
  EXPECT_EQ(w.read(ringo), "1");
  w.restart_clean();
  EXPECT_EQ(w.read(ringo), "2");
}

TEST(Hub, ACursorThatMovedAfterItsPollWasToldToTheLogIsToldAThirdOfTheTimeoutLater) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.post(ringo, "1");
  EXPECT_EQ(HubWorld::text(w.ask_poll(ringo)), "1");
  w.hub->turn();
  w.replica->turn();
  w.hub->delivered(ringo, true);
  w.clock.now += seconds(20);
  w.hub->turn();
  w.replica->turn();
  w.restart();  // killed
  EXPECT_EQ(w.read(ringo), "(nothing)");
}

TEST(Hub, ThePositionOfAPollThatWaitedIsToldToTheLogToo) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  for (const char* body : {"1", "2", "3"}) w.post(ringo, body);
  std::string second;
  w.hub->poll(w.session(ringo), {}, [](const poll::Answer&) {});
  w.hub->poll(w.session(ringo), {.position = w.at(3)},
              [&](const poll::Answer& answer) { second = HubWorld::text(answer); });
  w.hub->turn();
  w.replica->turn();
  w.hub->delivered(ringo, false);
  EXPECT_EQ(second, "3");
  w.clock.now += seconds(20);
  w.hub->turn();
  w.replica->turn();
  w.restart();  // killed
  EXPECT_EQ(w.read(ringo), "3");
}

TEST(Hub, ASessionThatPollsNeverExpiresAndOneThatDoesNotEnds) {
  HubWorld w;
  w.settings.session_timeout_ticks = 6;
  w.restart();
  const SessionId ringo = w.join("octopus", "ringo");
  const SessionId paul = w.join("octopus", "paul");
  for (int i = 0; i < 40; ++i) {
    if (i % 5 == 0) w.read(ringo);
    w.clock.now += seconds(1);
    w.hub->turn();
    w.replica->turn();
  }
  EXPECT_NE(w.replica->machine().find_session(ringo), nullptr);
  EXPECT_EQ(w.replica->machine().find_session(paul), nullptr);
}

TEST(Hub, ActivityIsToldAThirdOfTheTimeoutApartAtMost) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.read(ringo);
  w.hub->turn();
  w.replica->turn();
  const Index before = w.replica->applied();
  for (int i = 0; i < 190; ++i) {
    w.clock.now += milliseconds(100);
    w.read(ringo);
    w.hub->turn();
  }
  w.replica->turn();
  EXPECT_LE(w.replica->applied().value, before.value + 1) << "one entry: a tick";
}

TEST(Hub, AWaitingPollIsToldWhenItsSessionEnds) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.post(ringo, "one");
  std::string second;
  w.hub->poll(w.session(ringo), {}, [](const poll::Answer&) {});
  w.hub->poll(w.session(ringo), {}, [&](const poll::Answer& a) { second = HubWorld::text(a); });
  w.ask(Leave{ringo});
  EXPECT_EQ(second, "(over)");
  w.hub->delivered(ringo, true);
}

TEST(Hub, APollThatIsAnsweredByTheStoreAfterItsSessionEndedIsToldSo) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.post(ringo, "one");
  w.restart_clean();
  std::string got;
  w.hub->poll(w.session(ringo), {.position = w.at(1)},
              [&](const poll::Answer& a) { got = HubWorld::text(a); });
  w.ask(Leave{ringo});
  w.inbox.run_one();
  EXPECT_EQ(got, "(over)");
}

TEST(Hub, PeekingMovesNothing) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.post(ringo, "one");
  std::string peeked;
  w.hub->peek(w.session(ringo), [&](const poll::Answer& a) { peeked = HubWorld::text(a); });
  EXPECT_EQ(peeked, "one");
  EXPECT_EQ(w.read(ringo), "one");
}

TEST(Hub, RecentMessagesBeyondTheBoundAreLetGoAndReadFromTheStore) {
  HubWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  const std::string body(limits::max_message_ceiling, 'x');
  const std::size_t posts = limits::recent_bytes / body.size() + 20;
  for (std::size_t i = 0; i < posts; ++i) {
    w.post(ringo, body);
    w.pass(seconds(0));
    w.replica->flush();
    w.hub->turn();
  }
  w.post(ringo, "last");
  EXPECT_EQ(w.read(ringo, w.at(1)), body);
  EXPECT_EQ(w.read(ringo, w.at(posts + 1)), "last");
}

}  // namespace
}  // namespace yallchat
