#include "wechat/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "wechat/cluster.h"
#include "wechat/entry_rows.h"

namespace yallchat::screen {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class LayoutTest : public testing::Test {
 protected:
  LayoutTest() {
    setenv("TZ", "UTC", 1);
    tzset();
    room.come_into_sight();
    room.connection.kind = ConnectionState::Kind::streaming;
    view.rooms = {&room};
  }

  void say(const std::string& source, const std::string& text,
           const std::string& time = "2026-01-02T03:04:05.678Z") {
    Event event;
    event.seqnr = Seqnr(++last);
    event.source = source;
    event.body = text;
    event.time = time;
    room.message(event);
  }
  // The screen as people see it, rows without the spaces at their ends.
  std::vector<std::string> screen(int width, int height) {
    frame = lay_out(view, {width, height});
    EXPECT_EQ(frame.rows.size(), static_cast<std::size_t>(height));
    EXPECT_LT(frame.cursor_row, height);
    EXPECT_LT(frame.cursor_column, width);
    std::vector<std::string> rows;
    for (const Row& row : frame.rows) {
      std::string text;
      for (const Piece& piece : row) {
        const int behind = text_width(text);
        EXPECT_LE(behind, piece.column) << text;
        text += std::string(static_cast<std::size_t>(std::max(0, piece.column - behind)), ' ');
        text += piece.span.text;
      }
      EXPECT_LE(text_width(text), width) << text;
      rows.push_back(text.substr(0, text.find_last_not_of(' ') + 1));
    }
    return rows;
  }

  Mentions mentions{{"ringo"}};
  Room room{"octopus", "my.chat.server:8000", "ringo", mentions};
  Room garden{"garden", "my.chat.server:8000", "ringo", mentions};
  View view;
  Frame frame;
  std::uint64_t last = 0;
};

TEST_F(LayoutTest, MessagesDirectoryStatusAndInput) {
  room.names = {"paul", "ringo"};
  say("paul", "hello");
  room.changed({.joined = {"john"}, .left = {}});
  say("ringo", "/me waves");
  room.editor.insert("typing");
  const std::string line = "─";
  EXPECT_THAT(screen(64, 7),
              ElementsAre(StartsWith("── Friday 2 January 2026 ──"),
                          "03:04 paul: hello                                     │ paul",
                          "      * john joined                                   │ ringo",
                          "03:04 * ringo waves                                   │",
                          "                                                      │",
                          " 1:octopus                  ringo at my.chat.server:8000 · live",
                          "[octopus] typing"));
  EXPECT_THAT(screen(64, 7)[0], HasSubstr("│ 2 here"));
  EXPECT_EQ(frame.cursor_column, 16);
}

TEST_F(LayoutTest, ANarrowScreenHasNoDirectoryAndANarrowerOneNoTimes) {
  room.names = {"paul", "ringo"};
  say("paul", "hello");
  EXPECT_THAT(screen(40, 4)[1], "03:04 paul: hello");
  EXPECT_THAT(screen(20, 4)[1], "paul: hello");
}

TEST_F(LayoutTest, EverySizeFromOneByOneIsKept) {
  room.names = {"paul", "日本語の名前", "a-name-that-is-longer-than-the-directory-is-wide"};
  say("हिन्दी", "कििििििि தமிழ் ภาษาไทย");
  say("paul", "👩‍👩‍👧‍👦 日本語 the drummer is late, \u2764\uFE0F and so on");
  room.gap(Seqnr(1), Seqnr(2));
  room.say("waiting", "k");
  room.editor.insert(
      "日本語👩‍👩‍👧‍👦 हिन्दी कििििििि text that is "
      "longer "
      "than "
      "the "
      "screen");
  view.rooms.push_back(&garden);
  for (const char* const question : {"", "Send 12 lines? 日本"}) {
    view.question = question;
    for (int width = 1; width < 90; ++width)
      for (int height = 1; height < 12; ++height) screen(width, height);
  }
}

TEST_F(LayoutTest, TheCursorStaysInSightInALongLine) {
  room.editor.insert("0123456789");
  EXPECT_EQ(screen(5, 1).front(), "6789");
  EXPECT_EQ(frame.cursor_column, 4);
  room.editor.home();
  EXPECT_EQ(screen(5, 1).front(), "01234");
  EXPECT_EQ(frame.cursor_column, 0);
}

TEST_F(LayoutTest, WhatIsBeforeTheCursorAndBehindItStaysApart) {
  room.editor.insert("1\x1b\uFE0F\u20E3");
  room.editor.left();
  EXPECT_EQ(screen(1, 1).front(), "\uFE0F\u20E3");
  screen(2, 1);
}

TEST_F(LayoutTest, NothingOfOthersReachesTheTerminalAsItIs) {
  const std::string hostile = "\x1b]0;owned\x07\x9b[2J\xc2\x9b[2J\u202Eevil\rhome\x08\n\u2066x";
  room.names = {hostile, "ringo"};
  room.changed({.joined = {hostile}, .left = {hostile}});
  say(hostile, hostile, hostile);
  say(hostile, "/me " + hostile);
  room.warning(hostile);
  room.notice(hostile);
  room.editor.insert(hostile);
  Room named(hostile, hostile, hostile, mentions);
  view.rooms.push_back(&named);
  for (std::size_t active : {0U, 1U}) {
    view.active = active;
    for (const std::string& row : screen(80, 30)) {
      EXPECT_THAT(row, Not(HasSubstr("\x1b")));
      EXPECT_THAT(row, Not(HasSubstr("\xc2\x9b")));
      EXPECT_THAT(row, Not(HasSubstr("\u202E")));
      EXPECT_THAT(row, Not(HasSubstr("\u2066")));
      for (const char c : row) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << row;
    }
  }
}

TEST_F(LayoutTest, AMessageMayHaveLinesButNotWithoutEnd) {
  say("paul", "one\ntwo");
  EXPECT_THAT(screen(40, 5)[2], "      two");
  say("paul", std::string(100'000, '\n'));
  EXPECT_EQ(entry_rows(room, room.end() - 1, 40, view.theme).size(), limits::screen_message_rows);
}

TEST_F(LayoutTest, NobodysTextLooksLikeAnEntryOfSomebodyElse) {
  say("john", "hi\n03:04 paul: forged\npaul: forged" + std::string(40, ' ') + "paul: forged");
  for (const int width : {10, 18, 40, 80}) {
    std::size_t forged = 0;
    for (const std::string& row : screen(width, 14))
      forged += row.starts_with("paul") || row.starts_with("03:04 paul") ? 1 : 0;
    EXPECT_EQ(forged, 0U) << width;
  }
}

TEST_F(LayoutTest, ANameIsNotLongerThanNamesAre) {
  say(std::string(5'000, 'x'), "hello");
  EXPECT_THAT(screen(80, 5)[1], "03:04 " + std::string(64, 'x') + ": hello");
}

TEST_F(LayoutTest, MarksThatPileUpAreCutEverywhere) {
  std::string zalgo = "a";
  for (int i = 0; i < 1'000; ++i) zalgo += "\u0301";
  Room piled(zalgo, "h:1", zalgo, mentions);
  piled.names = {zalgo, zalgo + "b"};
  piled.editor.insert(zalgo);
  piled.editor.home();
  view.rooms = {&piled, &piled};
  for (const std::string& row : screen(80, 6)) EXPECT_LT(row.size(), 400U);
}

TEST_F(LayoutTest, OwnLinesAreMarkedUntilTheyAreThere) {
  room.say("on its way", "k1");
  room.say("too long", "k2");
  room.failed(2, "it is \x1b too long");
  const auto rows = screen(70, 6);
  EXPECT_EQ(rows[0], "    … ringo: on its way");
  EXPECT_EQ(rows[1], "    ✗ ringo: too long — not sent: it is  too long (/resend)");
}

TEST_F(LayoutTest, ALongLineThatWasRefusedLeavesRoomForOthersAndSaysThatItGoesOn) {
  for (const char* const text : {"one", "two", "three"}) say("paul", text);
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += "x ";
  room.say(text, "k");
  room.failed(1, "too long");
  for (const int height : {6, 10, 11, 24}) {
    const auto rows = screen(40, height);
    EXPECT_THAT(rows, Contains("03:04 paul: three")) << height;
    EXPECT_THAT(rows, Contains(StartsWith("    ✗ ringo: x x"))) << height;
    EXPECT_THAT(rows, Contains(EndsWith("…"))) << height;
    EXPECT_THAT(rows, Contains("      not sent: too long (/resend)")) << height;
    EXPECT_LE(
        std::ranges::count_if(rows, [](const auto& row) { return row.find('x') != row.npos; }),
        (height - 2) / 2);
  }
  room.send_failed_again();
  EXPECT_THAT(screen(40, 5)[1], "03:04 paul: three");
  EXPECT_THAT(screen(40, 5)[2], AllOf(StartsWith("    … ringo: x x"), EndsWith("…")));
}

TEST_F(LayoutTest, ManyLinesThatWaitLeaveRoomForOthersAndTheNewestIsSeen) {
  for (const char* const text : {"one", "two"}) say("paul", text);
  for (int n = 1; n <= 9; ++n) room.say("line " + std::to_string(n), "k");
  EXPECT_THAT(screen(40, 8), ElementsAre(StartsWith("── Friday"), "03:04 paul: one",
                                         "03:04 paul: two", "… and 7 before", "    … ringo: line 8",
                                         "    … ringo: line 9", HasSubstr("live"), "[octopus]"));
  EXPECT_THAT(screen(40, 4)[1], "    … ringo: line 9");
  room.failed(2, "too long");
  EXPECT_THAT(screen(50, 8)[3], "… and 7 before, 1 of them not sent (/resend)");
  room.place = scrolled(view, {40, 8}, 3);
  EXPECT_FALSE(room.place);  // there is nothing above
}

TEST_F(LayoutTest, TheReadLineIsAboveWhatIsNew) {
  say("paul", "old");
  room.go_out_of_sight();
  say("paul", "fresh");
  room.come_into_sight();
  const auto rows = screen(40, 6);
  EXPECT_EQ(rows[1], "03:04 paul: old");
  EXPECT_THAT(rows[2], StartsWith("── new ──"));
  EXPECT_EQ(rows[3], "03:04 paul: fresh");
}

TEST_F(LayoutTest, TheStatusLineSaysWhereSomethingIsNew) {
  view.rooms.push_back(&garden);
  Event event;
  event.source = "paul";
  event.body = "ringo?";
  garden.message(event);
  garden.message(event);
  EXPECT_THAT(screen(80, 3)[1], StartsWith(" 1:octopus 2:garden(2!)"));
  for (int width = 34; width <= 80; ++width)
    EXPECT_THAT(screen(width, 3)[1], AllOf(HasSubstr("2:garden(2!)"), HasSubstr("live")));
  EXPECT_THAT(screen(34, 3)[1], AllOf(StartsWith(" 1:octopus 2:garden(2!)"), HasSubstr("live")));
}

TEST_F(LayoutTest, OnANarrowScreenTheActiveChannelAndTheConnectionStayLongest) {
  Event event;
  event.source = "paul";
  garden.message(event);
  view.rooms.push_back(&garden);
  EXPECT_EQ(screen(32, 3)[1], " 1:octopus 2:garden(1)     live");
  EXPECT_EQ(screen(24, 3)[1], " 1:octopus +1      live");
  EXPECT_EQ(screen(16, 3)[1], " 1:octopus  live");
  EXPECT_EQ(screen(14, 3)[1], " 1:octop… live");
  EXPECT_EQ(screen(6, 3)[1], " … liv");
  room.connection = {.kind = ConnectionState::Kind::waiting,
                     .again_at = std::chrono::milliseconds(9'100)};
  EXPECT_EQ(screen(45, 3)[1], " 1:octopus +1   no connection, again in 10 s");
  EXPECT_EQ(screen(32, 3)[1], " 1:octopus +1     no connection");
  EXPECT_EQ(screen(22, 3)[1], " 1:octo… no connection");
}

TEST_F(LayoutTest, OfManyChannelsThoseWithSomethingNewAreShownAndTheOthersCounted) {
  Event event;
  event.source = "paul";
  std::deque<Room> rooms;
  for (int n = 2; n <= 64; ++n) {
    rooms.emplace_back("channel-" + std::to_string(n), "h:1", "ringo", mentions);
    view.rooms.push_back(&rooms.back());
    event.body = n == 50 ? "ringo?" : "hello";
    if (n == 40 || n == 50) rooms.back().message(event);
  }
  EXPECT_EQ(screen(80, 3)[1],
            " 1:octopus 2:channel-2 3:channel-3 40:channel-40(1) 50:channel-50(1!) +59  live");
  EXPECT_EQ(screen(40, 3)[1], " 1:octopus 50:channel-50(1!) +62   live");
  EXPECT_EQ(screen(26, 3)[1], " 1:octopus +63!      live");
  view.active = 63;
  EXPECT_EQ(screen(50, 3)[1], " 50:channel-50(1!) 64:channel-64 +62  connecting…");
}

TEST_F(LayoutTest, AnOutageSaysWhenItIsTriedAgain) {
  room.connection = {.kind = ConnectionState::Kind::waiting,
                     .again_at = std::chrono::milliseconds(9'100)};
  view.now = std::chrono::seconds(5);
  EXPECT_THAT(screen(80, 3)[1], HasSubstr("again in 5 s"));
}

TEST_F(LayoutTest, ScrollingGoesByRowsStopsAtTheOldestAndComesBack) {
  for (int n = 1; n <= 30; ++n) say("paul", std::to_string(n));
  const Size size{40, 7};
  EXPECT_EQ(screen(40, 7)[4], "03:04 paul: 30");
  EXPECT_FALSE(near_the_top(view, size));
  room.place = scrolled(view, size, 4);
  EXPECT_EQ(screen(40, 7)[4], "03:04 paul: 26");
  EXPECT_THAT(screen(80, 7)[5], HasSubstr("more below"));
  room.say("typed while scrolled back", "k");
  EXPECT_EQ(screen(40, 7)[4], "03:04 paul: 26");
  room.failed(1, "");
  room.drop_failed();
  say("paul", "31");  // what is seen stays
  EXPECT_EQ(screen(40, 7)[4], "03:04 paul: 26");
  room.place = scrolled(view, size, 1'000);
  EXPECT_THAT(screen(40, 7)[0], StartsWith("── Friday"));
  EXPECT_EQ(screen(40, 7)[4], "03:04 paul: 4");
  EXPECT_TRUE(near_the_top(view, size));
  room.place = scrolled(view, size, -1);
  EXPECT_EQ(screen(40, 7)[4], "03:04 paul: 5");
  room.place = scrolled(view, size, -1'000);
  EXPECT_FALSE(room.place);
  EXPECT_EQ(screen(40, 7)[4], "03:04 paul: 31");
}

TEST_F(LayoutTest, ALongMessageIsScrolledThroughRowByRow) {
  say("paul", "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight");
  const Size size{40, 5};
  EXPECT_EQ(screen(40, 5)[2], "      eight");
  room.place = scrolled(view, size, 1);
  EXPECT_EQ(screen(40, 5)[2], "      seven");
  room.place = scrolled(view, size, 1);
  EXPECT_EQ(screen(40, 5)[2], "      six");
  room.place = scrolled(view, size, -2);
  EXPECT_FALSE(room.place);
}

TEST_F(LayoutTest, ANameHasOneColourWhateverItsCase) {
  EXPECT_EQ(name_colour("Ringo", view.theme), name_colour("ringo", view.theme));
  EXPECT_NE(name_colour("paul", view.theme), name_colour("ringo", view.theme));
  view.theme.names.clear();
  EXPECT_EQ(name_colour("ringo", view.theme), -1);
}

TEST_F(LayoutTest, AMentionStandsOut) {
  say("paul", "hello ringo");
  screen(40, 5);
  EXPECT_EQ(frame.rows[1].back().span.style.colour, view.theme.mention);
}

}  // namespace
}  // namespace yallchat::screen
