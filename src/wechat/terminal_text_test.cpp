#include "wechat/terminal_text.h"

#include <gtest/gtest.h>

namespace yallchat {
namespace {

TEST(TerminalText, LeavesTextOfEveryScriptAlone) {
  const std::string text = "Grüße, 世界 ☺️ 👩‍👩‍👧 עברית";
  EXPECT_EQ(terminal_text(text), text);
}

TEST(TerminalText, MakesOneLineOfMany) {
  EXPECT_EQ(terminal_text("a\nb\r\nc\td\u2028e\u2029f"), "a b c d e f");
}

TEST(TerminalText, DropsWhatCommandsATerminal) {
  EXPECT_EQ(terminal_text("a\x1b[31mb\x1b]0;title\x07"), "a[31mb]0;title");
  EXPECT_EQ(terminal_text(std::string_view("a\0b\x08\x7f", 5)), "ab");
  EXPECT_EQ(terminal_text("a\u009b31mb\u0085"), "a31mb");
}

TEST(TerminalText, DropsWhatReordersText) {
  EXPECT_EQ(terminal_text("a\u202eb\u2066c\u2069\u200e\u200f\u061cd\u202a"), "abcd");
}

TEST(TerminalText, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(terminal_text("a\xff"
                          "b\xc3"),
            "a\uFFFD"
            "b\uFFFD");
  EXPECT_EQ(terminal_text("\x9b"
                          "31m"),
            "\uFFFD31m")
      << "a raw C1 byte";
}

TEST(TerminalJson, EscapesTheSameCharactersSoThatReadersStillGetThem) {
  EXPECT_EQ(terminal_json("\"a\u009b\u202e\u2028\x7f\""), R"("a\u009b\u202e\u2028\u007f")");
  EXPECT_EQ(terminal_json(R"({"body":"é\n"})"), R"({"body":"é\n"})");
}

}  // namespace
}  // namespace yallchat
