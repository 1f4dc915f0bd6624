// Streams whose readers have little room, and what is kept for them.

#include <gtest/gtest.h>

#include <memory>

#include "hub/large_channels_testing.h"
#include "hub/streams_testing.h"

namespace yallchat {
namespace {

TEST(Streams, WhoWaitsForAMessageBeyondTheNewestIsKeptOnceHoweverOftenThereIsRoom) {
  StreamWorld w;
  StreamReader reader(w, w.ringo);
  reader.open(Seqnr(9));
  const long once = reader.uses();
  for (int i = 0; i < 5; ++i) reader.drain();
  EXPECT_EQ(reader.uses(), once);
  reader.close();
}

TEST(Streams, WhoHasNoRoomGoesOnFromHistoryWithoutGapOrRepeat) {
  StreamWorld w;
  w.reader.open();
  w.reader.room = 150;  // the directory, and a part of the first message
  w.say({"one", "two"});
  w.say({"three"});
  w.reader.take(50);
  w.say({"four"});
  w.reader.drain();
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 0 ["ringo"])", "MSG 1 ringo one", "MSG 2 ringo two",
                                    "MSG 3 ringo three", "MSG 4 ringo four"}));
}

TEST(Streams, WhoMissedJoinsIsGivenTheDirectoryAnew) {
  StreamWorld w;
  w.reader.open();
  w.reader.room = 0;
  w.say({"one"});
  w.join("octopus", "paul");
  w.say({"two"});
  w.reader.drain();
  w.say({"three"});
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 0 ["ringo"])", "MSG 1 ringo one", "MSG 2 ringo two",
                                    R"(DIR 2 ["paul","ringo"])", "MSG 3 ringo three"}));
}

TEST(Streams, WhoIsCutBetweenTheChangesOfOneEntryIsToldOfThoseBehindTheCut) {
  for (const std::size_t cut : {1, 100, 200}) {
    StreamWorld w;
    w.settings.session_timeout_ticks = 6;
    w.ask(w.settings);
    for (const char* user : {"george", "john", "paul"}) w.join("octopus", user);
    w.reader.open();
    w.reader.read();
    w.reader.room = cut;
    // The three expire in one tick; a session with a stream does not.
    for (int i = 0; i < 100; ++i) {
      w.clock.now += std::chrono::milliseconds(100);
      w.hub->turn();
      w.replica->turn();
    }
    w.reader.serve();
    w.reader.drain();
    const Lines all = w.reader.read();
    const bool anew = !all.empty() && all.back() == R"(DIR 0 ["ringo"])";
    EXPECT_TRUE(anew || all.size() == 3) << cut;
  }
}

TEST(Streams, EveryCutOfTheBytesGivesTheSameEvents) {
  StreamWorld w;
  w.say({"one", "two"});
  for (std::size_t room = 1; room < 120; ++room) {
    StreamReader reader(w, w.ringo);
    reader.room = room;
    reader.open(Seqnr(1));
    for (int i = 0; i < 400; ++i) reader.take(room);
    EXPECT_EQ(reader.read(), (Lines{R"(DIR 0 ["ringo"])", "MSG 1 ringo one", "MSG 2 ringo two"}))
        << room;
    reader.close();
  }
}

TEST(Streams, TheDirectoryIsOneTextForAllWhoeverStopsInTheMiddleOfIt) {
  StreamWorld w;
  w.say({"one", "two"});
  const Channel& channel = *w.replica->machine().find_channel(w.session(w.ringo).channel);
  for (const std::size_t room : {0, 1, 40, 1000}) {
    for (const std::uint64_t from : {1, 2, 100}) {
      StreamReader reader(w, w.ringo);
      reader.room = room;
      reader.open(Seqnr(from));
      EXPECT_EQ(reader.shared, w.hub->directory(channel).json);
      reader.close();
    }
  }
}

TEST(Streams, OfADirectoryThatChangesAllTheTimeNotManyAreKeptForWhoStopsInTheMiddle) {
  LargeChannels<HubWorld> w;
  const SessionId first = w.make("octopus");
  for (std::size_t n = 0; n < 2 * w.fit; ++n) {
    w.stall(first);
    w.join("octopus", "guest" + std::to_string(n));
  }
  EXPECT_LE(w.kept(), limits::held_directory_bytes);
  StreamReader& last = *w.readers.back();
  for (const auto& reader : w.readers) EXPECT_FALSE(reader->is_given_up());
  StreamReader quick(w, first);
  quick.open();
  last.drain();
  for (StreamReader* reader : {&quick, &last}) {
    const Lines lines = reader->read();
    ASSERT_EQ(lines.size(), 2U) << "what others are in the middle of, and then the newest";
    const std::string newest = "guest" + std::to_string(2 * w.fit - 1);
    EXPECT_EQ(lines[0].find(newest), lines[0].npos);
    EXPECT_NE(lines[1].find(newest), lines[1].npos);
  }
  w.join("octopus", "late");
  last.serve();
  EXPECT_EQ(last.read(), Lines{"JOIN 0 late"});
  quick.close();
}

TEST(Streams, WhoHasBeenLongestInTheMiddleOfADirectoryIsGivenUpForOthers) {
  LargeChannels<HubWorld> w;
  for (std::size_t n = 0; n < w.fit; ++n) w.stall(w.make("octopus" + std::to_string(n)));
  StreamReader& oldest = *w.readers.front();
  StreamReader& next = *w.readers[1];
  EXPECT_FALSE(oldest.is_given_up());
  StreamReader& late = w.stall(w.make("zebra"));
  EXPECT_TRUE(oldest.is_given_up());
  EXPECT_FALSE(next.is_given_up());
  // Who takes it, or goes, is in the middle of nothing any more.
  next.drain();
  w.stall(w.make("tiger"));
  w.readers[2]->close();
  w.stall(w.make("lion"));
  for (std::size_t n = 1; n < w.readers.size(); ++n) EXPECT_FALSE(w.readers[n]->is_given_up());
  late.drain();
  EXPECT_EQ(late.read().size(), 1U);
}

TEST(Streams, WhatIsOwedGoesOutInOneWrite) {
  StreamWorld w;
  w.reader.open();
  const std::size_t before = w.reader.writes;
  for (int i = 0; i < 50; ++i) w.post(w.ringo, "x");
  w.reader.serve();
  EXPECT_EQ(w.reader.writes, before + 1);
  EXPECT_EQ(w.reader.read().size(), 51U);
}

TEST(Streams, WhatIsKeptLiveIsBoundedHoweverLongItIsNobodysTurn) {
  StreamWorld w;
  w.reader.open();
  w.reader.read();
  const std::string text(limits::max_message, 'x');
  constexpr std::size_t count = 4 * 2 * limits::feed_bytes / limits::max_message;
  for (std::size_t i = 0; i < count; ++i) w.post(w.ringo, text);
  w.reader.serve();
  EXPECT_LE(w.reader.longest, 2 * limits::feed_bytes + 2 * limits::max_message);
  const Lines lines = w.reader.read();
  ASSERT_EQ(lines.size(), count);
  for (std::size_t i = 0; i < count; ++i)
    EXPECT_TRUE(lines[i].starts_with("MSG " + std::to_string(i + 1) + " ")) << i;
}

TEST(Streams, AtMostSoManyAreSentToInATurn) {
  StreamWorld w;
  std::vector<std::unique_ptr<StreamReader>> readers;
  for (std::size_t i = 0; i < limits::streams_a_turn + 1; ++i) {
    readers.push_back(std::make_unique<StreamReader>(w, w.ringo));
    readers.back()->open();
  }
  w.post(w.ringo, "one");
  w.hub->streams().serve();
  EXPECT_TRUE(w.hub->streams().has_work());
  w.hub->streams().serve();
  EXPECT_FALSE(w.hub->streams().has_work());
  EXPECT_EQ(readers.back()->read().back(), "MSG 1 ringo one");
}

}  // namespace
}  // namespace yallchat
