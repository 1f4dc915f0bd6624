#include "protocol/utf8_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/property_testing.h"
#include "protocol/names.h"

namespace yallchat {
namespace {

// How many bytes are read before it is known that the text is not UTF-8; -1 where it is, and -2
// where a character is missing its end. A byte at a time.
int fails_at(std::string_view text) {
  Utf8Reader reader;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!reader.read(text.substr(i, 1))) return static_cast<int>(i);
  return reader.is_complete() ? -1 : -2;
}

TEST(Utf8Reader, TheFirstAndLastOfEachLengthAreRead) {
  for (const char* text : {"", "$", "\x7F", "\u0080", "\u07FF", "\u0800", "\uD7FF", "\uE000",
                           "\uFFFF", "\U00010000", "\U0010FFFF", "κόσμε, 🐙"})
    EXPECT_EQ(fails_at(text), -1) << text;
}

TEST(Utf8Reader, FailsAtTheFirstByteThatCannotBe) {
  EXPECT_EQ(fails_at("a\x80"), 1) << "a continuation without its beginning";
  EXPECT_EQ(fails_at("\xC0\x80"), 0) << "overlong in two bytes";
  EXPECT_EQ(fails_at("\xC1\xBF"), 0);
  EXPECT_EQ(fails_at("\xE0\x9F\xBF"), 1) << "overlong in three";
  EXPECT_EQ(fails_at("\xF0\x8F\xBF\xBF"), 1) << "overlong in four";
  EXPECT_EQ(fails_at("\xED\xA0\x80"), 1) << "a surrogate";
  EXPECT_EQ(fails_at("\xF4\x90\x80\x80"), 1) << "beyond U+10FFFF";
  EXPECT_EQ(fails_at("\xF5\x80\x80\x80"), 0);
  EXPECT_EQ(fails_at("\xF8\x88\x80\x80\x80"), 0) << "of five bytes";
  EXPECT_EQ(fails_at("\xFF"), 0);
  EXPECT_EQ(fails_at("\xCE\xBA\xE1\xBD"
                     "a"),
            4)
      << "a character is not ended by another";
}

TEST(Utf8Reader, AnEndWithinACharacterIsNotComplete) {
  for (const char* text : {"\xCE", "\xE1", "\xE1\xBD", "\xF0", "\xF0\x9F", "\xF0\x9F\x90"})
    EXPECT_EQ(fails_at(text), -2) << text;
}

RC_GTEST_PROP(Utf8ReaderProperty, AgreesWithTheReaderOfWholeTexts,
              (const std::vector<std::uint32_t>& numbers, std::size_t cut)) {
  // Pieces that are, or nearly are, characters; random bytes hardly ever are.
  static const std::vector<std::string> pieces{"abcdefgh", "é",    "\u0800", "🐙",    "\xE1\xBD",
                                               "\x80",     "\xED", "\xA0",   "\xF4", "\x8F\xBF",
                                               "\xBF",     "\xE0", "\xC1",   "\xF0", "x"};
  std::string text;
  for (const std::uint32_t number : numbers) text += pieces[number % pieces.size()];
  cut = text.empty() ? 0 : cut % text.size();
  Utf8Reader reader;
  const bool read = reader.read(std::string_view(text).substr(0, cut)) &&
                    reader.read(std::string_view(text).substr(cut)) && reader.is_complete();
  RC_ASSERT(read == is_utf8(text));
}

}  // namespace
}  // namespace yallchat
