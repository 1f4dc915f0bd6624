// What a stream gives, and from where.
#include "hub/streams.h"

#include <gtest/gtest.h>

#include "hub/streams_testing.h"

namespace yallchat {
namespace {

TEST(Streams, AReaderGetsTheDirectoryThenWhatIsSaid) {
  StreamWorld w;
  w.reader.open();
  EXPECT_EQ(w.reader.read(), Lines{R"(DIR 0 ["ringo"])"});
  w.say({"one", "two"});
  EXPECT_EQ(w.reader.read(), (Lines{"MSG 1 ringo one", "MSG 2 ringo two"}));
}

TEST(Streams, TheBacklogComesBeforeWhatIsNew) {
  StreamWorld w;
  w.say({"one", "two", "three"});
  w.reader.open(Seqnr(2));
  w.say({"four"});
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 1 ["ringo"])", "MSG 2 ringo two", "MSG 3 ringo three",
                                    "MSG 4 ringo four"}));
}

TEST(Streams, WithoutAPositionItBeginsAtTheCursorAndDoesNotMoveIt) {
  StreamWorld w;
  w.say({"one"});
  w.reader.open();
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 0 ["ringo"])", "MSG 1 ringo one"}));
  EXPECT_EQ(w.read(w.ringo), "one");
}

TEST(Streams, WhatIsBeyondTheNewestMessageIsWaitedFor) {
  StreamWorld w;
  w.reader.open(Seqnr(3));
  w.say({"one", "two"});
  const SessionId paul = w.join("octopus", "paul");
  w.post(paul, "three");
  w.reader.serve();
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 2 ["ringo"])", "JOIN 2 paul", "MSG 3 paul three"}));
}

TEST(Streams, JoinsAndLeavesStandBetweenTheMessagesWhereTheyHappened) {
  StreamWorld w;
  w.reader.open();
  const SessionId paul = w.join("octopus", "paul");
  w.post(paul, "hello");
  w.ask(Leave{paul});
  w.say({"gone"});
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 0 ["ringo"])", "JOIN 0 paul", "MSG 1 paul hello",
                                    "LEAVE 1 paul left", "MSG 2 ringo gone"}));
}

TEST(Streams, WhatIsNotKeptIsToldAsAGap) {
  StreamWorld w;
  w.settings.history = limits::history_floor;
  w.ask(w.settings);
  for (std::size_t i = 0; i < limits::history_floor + 5; ++i) w.post(w.ringo, "x");
  w.reader.open(Seqnr(2));
  const Lines lines = w.reader.read();
  ASSERT_EQ(lines.size(), limits::history_floor + 2);
  EXPECT_EQ(lines[0], R"(DIR 1 ["ringo"])");
  EXPECT_EQ(lines[1], "GAP 5 2 6");
  EXPECT_EQ(lines[2], "MSG 6 ringo x");
}

TEST(Streams, OldMessagesComeFromTheStore) {
  StreamWorld w;
  for (int i = 1; i <= 500; ++i) w.post(w.ringo, std::to_string(i));
  w.restart_clean();
  StreamReader reader(w, w.ringo);
  reader.open(Seqnr(1));
  Lines lines;
  while (lines.size() < 501) {
    w.inbox.run_one();
    reader.serve();
    const Lines more = reader.read();
    lines.insert(lines.end(), more.begin(), more.end());
  }
  EXPECT_EQ(lines.back(), "MSG 500 ringo 500");
  w.post(w.ringo, "live");
  reader.serve();
  EXPECT_EQ(reader.read(), Lines{"MSG 501 ringo live"});
}

TEST(Streams, WhatTheFloorPassesWhileTheStoreIsReadIsAGap) {
  HubWorld w;
  w.settings.history = limits::history_floor;
  w.restart();
  const SessionId ringo = w.join("octopus", "ringo");
  for (std::size_t i = 1; i <= limits::history_floor; ++i) w.post(ringo, "x");
  w.restart_clean();
  HeldReads held(*w.store);
  w.read_through(held);
  StreamReader reader(w, ringo);
  reader.open(Seqnr(1));
  for (int i = 0; i < 100; ++i) w.post(ringo, "new");
  w.replica->flush();
  Lines lines;
  while (lines.size() < limits::history_floor + 2) {
    if (held.release()) w.inbox.run_one();
    reader.serve();
    const Lines more = reader.read();
    lines.insert(lines.end(), more.begin(), more.end());
  }
  EXPECT_EQ(lines[1], "GAP 100 1 101");
  EXPECT_EQ(lines[2], "MSG 101 ringo x");
  EXPECT_EQ(lines.back(), "MSG 1100 ringo new");
  w.hub.reset();
}

}  // namespace
}  // namespace yallchat
