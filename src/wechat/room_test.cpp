#include "wechat/room.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat::screen {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RoomTest : public testing::Test {
 protected:
  RoomTest() { room.come_into_sight(); }

  static Event said(std::uint64_t number, std::string source, std::string text) {
    Event event;
    event.seqnr = Seqnr(number);
    event.source = std::move(source);
    event.body = std::move(text);
    return event;
  }
  static HistoryStretch page(std::uint64_t from, std::uint64_t to, bool oldest = false) {
    HistoryStretch all{.events = {}, .oldest = oldest};
    for (std::uint64_t n = from; n <= to; ++n) {
      StreamEvent event{
          .type = StreamEvent::Type::message, .event = {}, .from = {}, .first = {}, .reason = {}};
      event.event = said(n, "paul", std::to_string(n));
      all.events.push_back(std::move(event));
    }
    return all;
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (Room::Id id = room.first(); id < room.end(); ++id) all.push_back(room.entry(id).text);
    return all;
  }
  std::vector<std::string> own() const {
    std::vector<std::string> all;
    for (const OwnLine& line : room.own_lines())
      all.push_back(line.text + (line.state == OwnLine::State::failed  ? ": " + line.why
                                 : line.state == OwnLine::State::taken ? " taken"
                                                                       : ""));
    return all;
  }
  // As the owner does when the session takes lines.
  std::uint64_t pass_on() {
    OwnLine* const line = room.to_pass_on();
    EXPECT_NE(line, nullptr);
    line->passed_on = true;
    return line->number;
  }

  Mentions mentions{{"ringo"}};
  Room room{"octopus", "h:1", "ringo", mentions};
};

TEST_F(RoomTest, AnOwnLineIsShownUntilItIsReadBack) {
  room.say("hello", "k1");
  const auto number = pass_on();
  EXPECT_THAT(own(), ElementsAre("hello"));
  room.acknowledged(number, Seqnr(7));
  EXPECT_THAT(own(), ElementsAre("hello taken"));
  room.message(said(7, "ringo", "hello"));
  EXPECT_THAT(own(), IsEmpty());
  EXPECT_THAT(texts(), ElementsAre("hello"));
}

TEST_F(RoomTest, AnOwnLineThatIsReadBeforeItIsAcknowledgedIsNotShownTwice) {
  room.say("hello", "k1");
  const auto number = pass_on();
  room.message(said(7, "ringo", "hello"));
  room.acknowledged(number, Seqnr(7));
  EXPECT_THAT(own(), IsEmpty());
}

TEST_F(RoomTest, TheSameTextTwiceIsTwoLines) {
  room.say("hello", "k1");
  room.say("hello", "k2");
  room.acknowledged(pass_on(), Seqnr(7));
  room.message(said(7, "ringo", "hello"));
  EXPECT_THAT(own(), ElementsAre("hello"));
}

TEST_F(RoomTest, WhatFailedStaysAndIsSentAgainUnderItsKey) {
  room.say("hello", "k1");
  room.failed(pass_on(), "too long");
  EXPECT_THAT(own(), ElementsAre("hello: too long"));
  EXPECT_EQ(room.to_pass_on(), nullptr);
  EXPECT_EQ(room.send_failed_again(), 1U);
  ASSERT_NE(room.to_pass_on(), nullptr);
  EXPECT_EQ(room.to_pass_on()->key, "k1");
  room.failed(pass_on(), "too long");
  EXPECT_EQ(room.drop_failed(), 1U);
  EXPECT_THAT(own(), IsEmpty());
}

TEST_F(RoomTest, WhatASessionTookWithItHasFailedButNotWhatTheServerHas) {
  for (const char* const text : {"taken", "read back", "on its way", "waiting"})
    room.say(text, text);
  room.acknowledged(pass_on(), Seqnr(7));
  pass_on();
  room.message(said(8, "ringo", "read back"));
  pass_on();
  room.nothing_is_sent("gone");
  EXPECT_THAT(own(), ElementsAre("on its way: gone", "waiting: gone"));
  EXPECT_THAT(texts(), ElementsAre("taken", "read back"));
  EXPECT_EQ(room.send_failed_again(), 2U);
  ASSERT_NE(room.to_pass_on(), nullptr);
  EXPECT_EQ(room.to_pass_on()->key, "on its way");
}

TEST_F(RoomTest, UnreadIsWhatComesOutOfSightFromOthers) {
  room.message(said(1, "paul", "one"));
  EXPECT_EQ(room.unread(), 0U);
  room.go_out_of_sight();
  room.message(said(2, "ringo", "own"));
  room.message(said(3, "paul", "three"));
  EXPECT_TRUE(room.message(said(4, "paul", "Ringo!")));
  EXPECT_EQ(room.unread(), 2U);
  EXPECT_EQ(room.mentions(), 1U);
  ASSERT_TRUE(room.read_line());
  EXPECT_EQ(room.entry(*room.read_line()).text, "three");
  EXPECT_EQ(room.read_to(), Seqnr(1));
  room.come_into_sight();
  EXPECT_EQ(room.unread(), 0U);
  EXPECT_EQ(room.read_to(), Seqnr(4));
  EXPECT_TRUE(room.read_line());  // until it is left
  room.go_out_of_sight();
  EXPECT_FALSE(room.read_line());
}

TEST_F(RoomTest, HistoryGoesBeforeWhatIsThereAndDoublesNothing) {
  room.message(said(5, "paul", "five"));
  const Room::Id five = room.first();
  EXPECT_TRUE(room.begin_loading());
  EXPECT_EQ(room.oldest(), Seqnr(5));
  EXPECT_FALSE(room.begin_loading());  // is on its way
  room.history(page(3, 5));
  EXPECT_THAT(texts(), ElementsAre("3", "4", "five"));
  EXPECT_EQ(room.entry(five).text, "five");
  EXPECT_TRUE(room.begin_loading());
  EXPECT_EQ(room.oldest(), Seqnr(3));
  room.history(page(1, 2, true));
  EXPECT_FALSE(room.begin_loading());  // there is no more
}

TEST_F(RoomTest, HistoryThatCouldNotBeLoadedIsAskedForAgainWhenTheUserWantsIt) {
  EXPECT_TRUE(room.begin_loading());
  room.no_history();
  EXPECT_FALSE(room.begin_loading());
  room.want_older();
  EXPECT_TRUE(room.begin_loading());
}

TEST_F(RoomTest, OwnLinesThatAreNotGivenBackStandBeforeWhatOthersSayLater) {
  room.message(said(1, "paul", "one"));
  for (const char* const text : {"two", "three"}) {
    room.say(text, "k");
    room.acknowledged(pass_on(), std::nullopt);
  }
  room.say("not sent yet", "k");
  EXPECT_THAT(own(), ElementsAre("two taken", "three taken", "not sent yet"));
  room.message(said(4, "paul", "four"));
  EXPECT_THAT(texts(), ElementsAre("one", "two", "three", "four"));
  EXPECT_THAT(own(), ElementsAre("not sent yet"));
  EXPECT_FALSE(room.read_line());
}

TEST_F(RoomTest, AnOwnLineThatIsGivenBackLateStandsWhereTheServerPutItAndOnce) {
  room.say("hello", "k");
  room.say("hello", "k");
  room.acknowledged(pass_on(), std::nullopt);
  room.acknowledged(pass_on(), std::nullopt);
  room.message(said(1, "paul", "one"));
  room.message(said(2, "paul", "two"));
  room.place = Place{.entry = room.end() - 1};
  EXPECT_THAT(texts(), ElementsAre("hello", "hello", "one", "two"));
  room.message(said(3, "ringo", "hello"));
  EXPECT_THAT(texts(), ElementsAre("hello", "one", "two", "hello"));
  EXPECT_EQ(room.entry(room.place->entry).text, "two");  // what is seen stays
  room.message(said(4, "ringo", "hello"));
  EXPECT_THAT(texts(), ElementsAre("one", "two", "hello", "hello"));
}

TEST_F(RoomTest, WhereTheServerSaysWhichItIsAnOwnLineWaitsForItsTurn) {
  room.say("two", "k");
  room.acknowledged(pass_on(), Seqnr(2));
  room.message(said(1, "paul", "one"));
  EXPECT_THAT(own(), ElementsAre("two taken"));
  room.message(said(3, "paul", "three"));
  EXPECT_THAT(texts(), ElementsAre("one", "two", "three"));
  room.say("four", "k");
  const auto number = pass_on();
  room.message(said(5, "paul", "five"));
  room.acknowledged(number, Seqnr(4));  // which will not be given back any more
  EXPECT_THAT(texts(), ElementsAre("one", "two", "three", "five", "four"));
  EXPECT_THAT(own(), IsEmpty());
}

TEST_F(RoomTest, AServerThatGivesNoOwnMessagesBackHoldsNobodyUp) {
  for (std::size_t i = 0; i < 2 * limits::screen_own_lines; ++i) {
    ASSERT_TRUE(room.takes_lines());
    room.say(std::to_string(i), "k");
    room.acknowledged(pass_on(), std::nullopt);
  }
  EXPECT_EQ(room.entry(room.first()).text, "0");
  EXPECT_EQ(own().size(), limits::screen_taken_lines);
}

TEST_F(RoomTest, AnEarlierRunsReadingEndsAtTheLine) {
  room.set_read_to(Seqnr(3));
  room.history(page(1, 5));
  ASSERT_TRUE(room.read_line());
  EXPECT_EQ(room.entry(*room.read_line()).text, "4");
  EXPECT_EQ(room.read_to(), Seqnr(5));
}

TEST_F(RoomTest, WhereAnEarlierRunHadReadToIsALineAlsoManyPagesBack) {
  room.set_read_to(Seqnr(50));
  room.history(page(201, 300));
  EXPECT_EQ(room.read_to(), Seqnr(300));
  EXPECT_FALSE(room.read_line());
  room.history(page(101, 200));
  EXPECT_FALSE(room.read_line());
  room.history(page(1, 100));
  ASSERT_TRUE(room.read_line());
  EXPECT_EQ(room.entry(*room.read_line()).text, "51");
}

TEST_F(RoomTest, WhatComesBeforeTheHistoryTakesNoLineAway) {
  room.set_read_to(Seqnr(3));
  room.message(said(6, "paul", "6"));
  room.history(page(1, 5));
  ASSERT_TRUE(room.read_line());
  EXPECT_EQ(room.entry(*room.read_line()).text, "4");
}

TEST_F(RoomTest, WhoLooksAwayBeforeAnythingIsThereFindsTheLineAllTheSame) {
  room.set_read_to(Seqnr(3));
  room.go_out_of_sight();
  room.message(said(6, "paul", "6"));
  room.history(page(1, 5));
  room.come_into_sight();
  ASSERT_TRUE(room.read_line());
  EXPECT_EQ(room.entry(*room.read_line()).text, "4");
}

TEST_F(RoomTest, OutOfSightWhatCameAfterAnEarlierRunIsUnread) {
  room.set_read_to(Seqnr(3));
  room.go_out_of_sight();
  room.history(page(1, 5));
  EXPECT_EQ(room.unread(), 2U);
  EXPECT_EQ(room.mentions(), 0U);
}

TEST_F(RoomTest, OutOfSightWhatComesWhileOlderUnreadIsStillToBeLoadedTakesNoLine) {
  room.set_read_to(Seqnr(3));
  room.go_out_of_sight();
  room.history(page(5, 6));
  room.message(said(7, "paul", "7"));
  EXPECT_EQ(room.read_line(), std::nullopt);
  room.history(page(1, 4, true));
  ASSERT_TRUE(room.read_line());
  EXPECT_EQ(room.entry(*room.read_line()).text, "4");
}

TEST_F(RoomTest, WhereThereIsNoHistoryTheLineIsAtTheFirstThatComes) {
  room.set_read_to(Seqnr(3));
  room.forget_earlier();
  room.go_out_of_sight();
  room.message(said(7, "paul", "7"));
  ASSERT_TRUE(room.read_line());
  EXPECT_EQ(room.entry(*room.read_line()).text, "7");
}

TEST_F(RoomTest, WhereNothingIsNewAfterAnEarlierRunThereIsNoLine) {
  room.set_read_to(Seqnr(5));
  room.history(page(1, 5));
  room.message(said(6, "paul", "6"));
  room.history({.events = {}, .oldest = true});
  EXPECT_FALSE(room.read_line());
}

TEST_F(RoomTest, TheOldestGoWhenThereAreTooManyAndCanBeLoadedAgain) {
  room.history(page(1, 2, true));
  for (std::uint64_t n = 3; n < limits::screen_entries + 10; ++n)
    room.message(said(n, "paul", std::to_string(n)));
  EXPECT_EQ(static_cast<std::size_t>(room.end() - room.first()), limits::screen_entries);
  EXPECT_EQ(room.entry(room.first()).text, "10");
  EXPECT_FALSE(room.oldest_is_here());
  EXPECT_FALSE(room.begin_loading());  // no room for a page
}

TEST_F(RoomTest, LongTextsAreBoundedInBytes) {
  for (std::uint64_t n = 1; n < 100; ++n)
    room.message(said(n, "paul", std::string(limits::MiB, 'x')));
  EXPECT_LT(static_cast<std::size_t>(room.end() - room.first()),
            limits::screen_bytes / limits::MiB);
}

TEST_F(RoomTest, OneThatIsLongerThanTheBoundIsThereAlone) {
  room.message(said(1, "paul", "1"));
  room.message(said(2, "paul", std::string(limits::screen_bytes + 1, 'x')));
  ASSERT_EQ(room.end() - room.first(), 1);
  EXPECT_EQ(room.entry(room.first()).seqnr, Seqnr(2));
}

TEST_F(RoomTest, OnlySoManyOwnLinesWait) {
  for (std::size_t i = 0; i < limits::screen_own_lines; ++i) {
    ASSERT_TRUE(room.takes_lines());
    room.say("hello", "k");
  }
  EXPECT_FALSE(room.takes_lines());
}

TEST_F(RoomTest, WhoComesAndGoesAndWhatIsMissingIsToldInOrder) {
  room.changed({.joined = {"john"}, .left = {}});
  room.gap(Seqnr(83), Seqnr(2001));
  room.changed({.joined = {}, .left = {"john"}});
  EXPECT_THAT(texts(), ElementsAre("joined", "messages 83 to 2000 are no longer kept", "left"));
}

}  // namespace
}  // namespace yallchat::screen
