#include "wechat/key_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat::screen {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Key key(const std::string& words) {
  const auto parsed = parse_key(words);
  EXPECT_TRUE(parsed) << words;
  return parsed.value_or(Key{});
}

std::vector<Key> keys(KeyReader& reader, const std::string& bytes) {
  reader.feed(bytes);
  std::vector<Key> all;
  while (const auto pressed = reader.next()) all.push_back(pressed->key);
  return all;
}

std::vector<Key> keys(const std::string& bytes) {
  KeyReader reader;
  return keys(reader, bytes);
}

TEST(KeyReader, KeysOfXtermAndItsKinAreKnown) {
  EXPECT_THAT(keys("\x1b[A\x1bOB\x1b[1;5C\x1b[D"),
              ElementsAre(key("up"), key("down"), key("ctrl-right"), key("left")));
  EXPECT_THAT(
      keys("\x1b[H\x1b[4~\x1b[5~\x1b[6;3~\x1b[3~"),
      ElementsAre(key("home"), key("end"), key("pageup"), key("alt-pagedown"), key("delete")));
  EXPECT_THAT(keys("\x1bOP\x1b[15~\x1b[[B\x1b[Z"),
              ElementsAre(key("f1"), key("f5"), key("f2"), key("shift-tab")));
  EXPECT_THAT(keys("\r\t\x7f\x01\x1f"), ElementsAre(key("enter"), key("tab"), key("backspace"),
                                                    key("ctrl-a"), key("ctrl-_")));
  EXPECT_THAT(keys("\x1b"
                   "1\x1b\r\x1b\x7f"),
              ElementsAre(key("alt-1"), key("alt-enter"), key("alt-backspace")));
}

TEST(KeyReader, ACharacterMayComeInPieces) {
  KeyReader reader;
  EXPECT_THAT(keys(reader, "\xe6\x97"), IsEmpty());
  EXPECT_THAT(keys(reader, "\xa5x"), ElementsAre(key("日"), key("x")));
  EXPECT_THAT(keys(reader, "\x1b[1"), IsEmpty());
  EXPECT_THAT(keys(reader, ";5C"), ElementsAre(key("ctrl-right")));
}

TEST(KeyReader, AnEscapeIsAKeyWhenNothingFollowsInTime) {
  KeyReader reader;
  EXPECT_THAT(keys(reader, "\x1b"), IsEmpty());
  EXPECT_TRUE(reader.waits());
  reader.time_is_up();
  EXPECT_THAT(keys(reader, ""), ElementsAre(key("escape")));
  EXPECT_FALSE(reader.waits());
  EXPECT_THAT(keys(reader, "\x1b["), IsEmpty());
  reader.time_is_up();
  EXPECT_THAT(keys(reader, ""), ElementsAre(key("alt-[")));
}

TEST(KeyReader, WhatATerminalTellsOfMouseAndCursorIsNoKey) {
  EXPECT_THAT(keys("\x1b[M !!x"), ElementsAre(key("x")));
  EXPECT_THAT(keys("\x1b[<0;9;5Mx\x1b[<0;1;5mx"), ElementsAre(key("x"), key("x")));
  EXPECT_THAT(keys("\x1b[24;80Rx\x1b[?1;0;256Sx"), ElementsAre(key("x"), key("x")));
  EXPECT_THAT(keys("\x1bOM\x1b[1;2R\x1b[S"), ElementsAre(key("enter"), key("shift-f3"), key("f4")));
}

TEST(KeyReader, AMouseThatIsToldInPiecesIsNoKey) {
  KeyReader reader;
  EXPECT_THAT(keys(reader, "\x1b[M "), IsEmpty());
  EXPECT_THAT(keys(reader, "!!x"), ElementsAre(key("x")));
}

TEST(KeyReader, WhatIsNotKnownIsDroppedWhole) {
  EXPECT_THAT(keys("\x1b[?62;1cx"), ElementsAre(key("x")));
  EXPECT_THAT(keys("\x1b[99~x"), ElementsAre(key("x")));
  EXPECT_THAT(keys("\xc2\x9bx"), ElementsAre(key("x")));  // a CSI of eight bits
  EXPECT_THAT(keys("\xffx").size(), 2U);
  const std::string endless(limits::screen_key_bytes + 1, '1');
  EXPECT_THAT(keys("\x1b[" + endless + "xy"), ElementsAre(key("y")));
  KeyReader reader;
  EXPECT_THAT(keys(reader, "\x1b[" + endless), IsEmpty());
  EXPECT_THAT(keys(reader, endless), IsEmpty());
  EXPECT_THAT(keys(reader, "xy"), ElementsAre(key("y")));
}

TEST(KeyReader, WhatATerminalAnswersIsNotTyped) {
  EXPECT_THAT(keys("\x1b]11;rgb:ffff/ffff/ffff\x1b\\x"), ElementsAre(key("x")));
  EXPECT_THAT(keys("\x1b]10;rgb:0/0/0\ax"), ElementsAre(key("x")));
  EXPECT_THAT(keys("\x1bP>|XTerm(370)\x1b\\\x1bP1+r436f=323536\x1b\\x"), ElementsAre(key("x")));
  EXPECT_THAT(keys("\x1b_Gi=1;OK\x1b\\x"), ElementsAre(key("x")));
  KeyReader reader;
  for (const char* const piece : {"\x1b", "]", "52;c;", "aGVsbG8=", "\x1b"}) {
    EXPECT_THAT(keys(reader, piece), IsEmpty()) << piece;
    EXPECT_TRUE(reader.waits());
  }
  EXPECT_THAT(keys(reader, "\\x"), ElementsAre(key("x")));
}

TEST(KeyReader, AnAnswerWithoutAnEndTakesNoKeyboardAway) {
  EXPECT_THAT(keys("\x1b]11;rgb\x03x"), ElementsAre(key("ctrl-c"), key("x")));
  EXPECT_THAT(keys("\x1b]11;rgb\x1b[A"), ElementsAre(key("up")));
  KeyReader reader;
  EXPECT_THAT(keys(reader, "\x1b]11;rgb"), IsEmpty());
  reader.time_is_up();
  EXPECT_THAT(keys(reader, ""), IsEmpty());
  EXPECT_FALSE(reader.waits());
  EXPECT_THAT(keys(reader, "x"), ElementsAre(key("x")));
  EXPECT_THAT(keys("\x1b]x\x1bPx\x1b_x"),
              ElementsAre(key("alt-]"), key("x"), key("alt-P"), key("x"), key("alt-_"), key("x")));
}

TEST(KeyReader, CtrlCEndsAPasteThatHasNoEnd) {
  KeyReader reader;
  reader.feed("\x1b[200~half");
  EXPECT_FALSE(reader.next());
  reader.feed("\x03");
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.waits());
  reader.feed("more");  // it was of the paste
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.waits());
  reader.time_is_up();
  EXPECT_FALSE(reader.next());
  reader.feed("\x03");
  reader.time_is_up();
  const auto paste = reader.next();
  ASSERT_TRUE(paste);
  EXPECT_EQ(paste->paste, "halfmore");
  EXPECT_THAT(keys(reader, "\x03"), ElementsAre(key("ctrl-c")));
}

TEST(KeyReader, APasteIsOneThingAndCannotPressKeys) {
  KeyReader reader;
  reader.feed("\x1b[200~one\r\ntwo\rthree\tfour\x1b[A\x03\x07 \xff\x1b[20");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.waits());
  reader.feed("1~x");
  const auto paste = reader.next();
  ASSERT_TRUE(paste);
  EXPECT_EQ(paste->paste, "one\ntwo\nthree\tfour[A \uFFFD");
  EXPECT_EQ(reader.next()->key, key("x"));
}

TEST(KeyReader, APasteWithoutAnEndIsNotKeptBeyondItsBound) {
  KeyReader reader;
  reader.feed("\x1b[200~");
  for (std::size_t i = 0; i < limits::client_line_bytes + 100; i += 1'024) {
    reader.feed(std::string(1'024, 'a'));
    EXPECT_FALSE(reader.next());
  }
  reader.feed("\x1b[201~");
  const auto paste = reader.next();
  ASSERT_TRUE(paste);
  EXPECT_EQ(paste->paste->size(), limits::client_line_bytes);
  EXPECT_TRUE(paste->cut);
}

TEST(Key, NamesThatAreNoneAreRefused) {
  for (const char* const words : {"", "ctrl-", "hyper-x", "ab", "ctrl-1", "shift-a", "ctrl"})
    EXPECT_FALSE(parse_key(words)) << words;
  EXPECT_EQ(key("ctrl-alt-x").alt, true);
  EXPECT_EQ(key("space").character, U' ');
  EXPECT_EQ(key("alt--").character, U'-');
}

}  // namespace
}  // namespace yallchat::screen
