#include "client/cursor.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat {
namespace {

using Form = Cursor::Position::Form;

Event message(std::uint64_t seqnr, std::string body = "x") {
  Event event;
  event.seqnr = Seqnr(seqnr);
  event.source = "paul";
  event.body = std::move(body);
  return event;
}

Cursor::Taken take(Cursor& cursor, const Event& event) {
  return cursor.take(event, cursor.position(), std::nullopt);
}

TEST(CursorOnYallchat, StartsAfterTheHeadAndNamesEachPosition) {
  Cursor cursor({});
  cursor.joined(true, Seqnr(50));
  EXPECT_EQ(cursor.position().form, Form::header);
  EXPECT_EQ(cursor.position().seqnr, Seqnr(51));
  EXPECT_TRUE(take(cursor, message(51)).fresh);
  EXPECT_EQ(cursor.position().seqnr, Seqnr(52));
  cursor.nothing_new();
  EXPECT_EQ(cursor.position().form, Form::header);
}

TEST(CursorOnYallchat, ZeroMeansTheFirst) {
  Cursor cursor({.from = Seqnr(0), .oldest_kept = false});
  cursor.joined(true, Seqnr(50));
  EXPECT_EQ(cursor.position().seqnr, Seqnr(1));
}

TEST(CursorOnYallchat, WhatLiesBeforeThePositionIsNotShown) {
  Cursor cursor({});
  cursor.joined(true, Seqnr(50));
  EXPECT_FALSE(take(cursor, message(50)).fresh);
  EXPECT_EQ(cursor.position().seqnr, Seqnr(51));
}

TEST(CursorOnYallchat, AJumpIsAGapWhetherAnnouncedOrNot) {
  Cursor cursor({.from = Seqnr(3), .oldest_kept = false});
  cursor.joined(true, Seqnr(50));
  const auto gap = take(cursor, message(10)).gap;
  ASSERT_TRUE(gap);
  EXPECT_EQ(gap->from, Seqnr(3));
  EXPECT_EQ(gap->first, Seqnr(10));
  EXPECT_FALSE(take(cursor, message(11)).gap);
}

TEST(CursorOnYallchat, FromTheOldestTheFirstJumpIsExpectedAndALaterOneNot) {
  Cursor cursor({.from = Seqnr(1), .oldest_kept = true});
  cursor.joined(true, Seqnr(50));
  EXPECT_FALSE(take(cursor, message(10)).gap);
  EXPECT_TRUE(take(cursor, message(12)).gap);
}

TEST(CursorOnYallchat, AHeadBehindIsReadAgainWithoutRepeating) {
  Cursor cursor({});
  cursor.joined(true, Seqnr(0));
  take(cursor, message(1));
  take(cursor, message(2));
  cursor.joined(true, Seqnr(1));
  EXPECT_EQ(cursor.position().seqnr, Seqnr(2));
  EXPECT_FALSE(take(cursor, message(2)).fresh);
  const auto third = take(cursor, message(3));
  EXPECT_TRUE(third.fresh);
  EXPECT_FALSE(third.anew);
}

TEST(CursorOnYallchat, AChannelThatLostItsHistoryIsShownFromItsBeginning) {
  Cursor cursor({});
  cursor.joined(true, Seqnr(50));
  take(cursor, message(51));
  cursor.joined(true, Seqnr(0));
  const auto taken = take(cursor, message(1, "new"));
  EXPECT_TRUE(taken.fresh);
  EXPECT_TRUE(taken.anew);
  EXPECT_FALSE(take(cursor, message(2, "new")).anew);
}

TEST(CursorOnYallchat, APlaceAheadOfTheHeadIsKeptWhenJoinedAgain) {
  Cursor cursor({.from = Seqnr(100), .oldest_kept = false});
  cursor.joined(true, Seqnr(50));
  cursor.joined(true, Seqnr(50));
  EXPECT_EQ(cursor.position().seqnr, Seqnr(100));
}

TEST(CursorOnAnyServer, LeavesThePlaceToTheServer) {
  Cursor cursor({});
  cursor.joined(false, std::nullopt);
  EXPECT_EQ(cursor.position().form, Form::plain);
  take(cursor, message(7));
  EXPECT_EQ(cursor.position().form, Form::plain);
}

TEST(CursorOnAnyServer, ABacklogIsAskedForByPathUntilNothingIsNew) {
  Cursor cursor({.from = Seqnr(5), .oldest_kept = false});
  cursor.joined(false, std::nullopt);
  EXPECT_EQ(cursor.position().form, Form::path);
  take(cursor, message(5));
  EXPECT_EQ(cursor.position().seqnr, Seqnr(6));
  cursor.nothing_new();
  EXPECT_EQ(cursor.position().form, Form::plain);
}

TEST(CursorOnAnyServer, ARefusedPathBecomesAHeader) {
  Cursor cursor({.from = Seqnr(5), .oldest_kept = false});
  cursor.joined(false, std::nullopt);
  cursor.path_refused();
  EXPECT_EQ(cursor.position().form, Form::header);
}

TEST(CursorOnAnyServer, ANewSessionIsMovedToWhereReadingWas) {
  Cursor cursor({});
  cursor.joined(false, std::nullopt);
  take(cursor, message(7));
  cursor.joined(false, std::nullopt);
  EXPECT_EQ(cursor.position().form, Form::path);
  EXPECT_EQ(cursor.position().seqnr, Seqnr(8));
}

TEST(CursorOnAnyServer, WithoutNumbersThePlaceIsTheServersAlone) {
  Cursor cursor({.from = Seqnr(5), .oldest_kept = false});
  cursor.joined(false, std::nullopt);
  EXPECT_TRUE(take(cursor, Event{}).fresh);
  EXPECT_EQ(cursor.position().form, Form::plain);
}

TEST(CursorOnAnyServer, TheSameEventAgainIsNeitherShownNorAReasonToHurry) {
  Cursor cursor({});
  cursor.joined(false, std::nullopt);
  EXPECT_TRUE(take(cursor, message(7)).progress);
  const auto again = take(cursor, message(7));
  EXPECT_FALSE(again.fresh);
  EXPECT_FALSE(again.progress);
}

TEST(CursorOnAnyServer, AServerThatCountsFromTheBeginningAgainIsHeard) {
  Cursor cursor({});
  cursor.joined(false, std::nullopt);
  take(cursor, message(7, "old"));
  EXPECT_TRUE(take(cursor, message(1, "new")).fresh);
}

TEST(CursorOnAnyServer, ForgetsTheOldestEventsFirst) {
  Cursor cursor({});
  cursor.joined(false, std::nullopt);
  for (std::uint64_t n = 1; n <= limits::client_remembered_events + 1; ++n)
    take(cursor, message(n));
  EXPECT_FALSE(take(cursor, message(2)).fresh);
  EXPECT_TRUE(take(cursor, message(1)).fresh);
}

}  // namespace
}  // namespace yallchat
