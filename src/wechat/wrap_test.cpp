#include "wechat/wrap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wechat/cluster.h"

namespace yallchat::screen {
namespace {

using testing::ElementsAre;

std::vector<std::string> wrapped(const std::string& text, int width, int indent = 0) {
  std::vector<std::string> rows;
  for (const Spans& spans : wrap({{text, {}}}, width, indent)) {
    rows.emplace_back();
    for (const Span& span : spans) rows.back() += span.text;
  }
  return rows;
}

TEST(Wrap, WordsStayWholeWhereTheyFit) {
  EXPECT_THAT(wrapped("the drummer is late", 11), ElementsAre("the drummer", "is late"));
  EXPECT_THAT(wrapped("the drummer is late", 12), ElementsAre("the drummer", "is late"));
  EXPECT_THAT(wrapped("the drummer", 8), ElementsAre("the", "drummer"));
  EXPECT_THAT(wrapped("", 8), ElementsAre(""));
}

TEST(Wrap, ALongWordIsBrokenWhereTheRowEnds) {
  EXPECT_THAT(wrapped("abcdefgh", 3), ElementsAre("abc", "def", "gh"));
}

TEST(Wrap, AWordThatWouldNotFitTheNextRowEitherIsBrokenInThisOne) {
  EXPECT_THAT(wrapped("x aaaaaaaaaa", 10, 4), ElementsAre("x aaaaaaaa", "    aa"));
}

TEST(Wrap, RowsAfterTheFirstAreIndentedWhereThereIsRoom) {
  EXPECT_THAT(wrapped("one two three", 7, 2), ElementsAre("one two", "  three"));
  EXPECT_THAT(wrapped("one two", 3, 2), ElementsAre("one", "two"));
}

TEST(Wrap, NoRowIsWiderThanAsked) {
  const std::string wide =
      "日本語 e\u0301 👩‍👩‍👧‍👦👩‍👩‍👧‍👦 \u2764\uFE0F🇫🇷 ";
  const std::string text = wide + "and so on, for a whileeeeeeeeeeee";
  for (int width = 1; width < 40; ++width)
    for (int indent = 0; indent < 8; ++indent)
      for (const std::string& row : wrapped(text, width, indent))
        EXPECT_LE(text_width(row), width) << row;
}

TEST(Wrap, ACharacterThatFitsNowhereIsAQuestionMark) {
  EXPECT_THAT(wrapped("a日b", 1), ElementsAre("a", "?", "b"));
}

TEST(Wrap, ANewlineBeginsARow) {
  EXPECT_THAT(wrapped("a\n\nb", 9, 1), ElementsAre("a", " ", " b"));
}

TEST(Wrap, SpansStayApartSoThatNoCharacterIsMadeOfTwo) {
  EXPECT_THAT(wrap({{"1", {}}, {"\uFE0F\u20E3", {}}}, 1, 0),
              ElementsAre(Spans{{"1", {}}, {"\uFE0F\u20E3", {}}}));
}

TEST(Wrap, StylesStayWithTheirText) {
  const Style bold{.bold = true};
  EXPECT_THAT(wrap({{"ab ", {}}, {"cd", bold}}, 3, 0),
              ElementsAre(Spans{{"ab", {}}}, Spans{{"cd", bold}}));
}

TEST(Wrap, ACharacterOfManyColumnsReachesOverNoEdge) {
  std::string wide = "க";
  for (int i = 0; i < 12; ++i) wide += "ா";
  for (int width = 1; width < 30; ++width)
    for (const int indent : {0, 1, 6})
      for (const Spans& row : wrap({{"a b " + wide + wide + "c", {}}}, width, indent)) {
        int used = 0;
        for (const Span& span : row) used += text_width(span.text);
        EXPECT_LE(used, width) << indent;
      }
}

}  // namespace
}  // namespace yallchat::screen
