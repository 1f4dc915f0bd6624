#include "search/terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> terms_of(std::string_view words) {
  const auto terms = Terms::parse(words);
  return terms.has_value() ? terms->all() : std::vector<std::string>{terms.error().message};
}

std::string folded(std::string_view text) {
  std::string out = "what was there before";
  fold(text, out);
  return out;
}

std::vector<Hit> hits(std::string_view words, std::string_view body) {
  const auto terms = *Terms::parse(words);
  if (!terms.are_in(folded(body))) return {};
  return terms.hits(folded(body));
}

TEST(Terms, WordsAreSeparatedByAnyWhiteSpace) {
  EXPECT_THAT(terms_of("one"), ElementsAre("one"));
  EXPECT_THAT(terms_of("  one\ttwo\nthree\r\n"), ElementsAre("one", "two", "three"));
  EXPECT_THAT(terms_of("北京　天气"), ElementsAre("北京", "天气"));
  EXPECT_THAT(terms_of("one two ONE"), ElementsAre("one", "two"));
}

TEST(Terms, WhatIsQuotedStandsAsItIs) {
  EXPECT_THAT(terms_of("\"one  two\" three"), ElementsAre("one  two", "three"));
  EXPECT_THAT(terms_of("\" one \""), ElementsAre(" one "));
  EXPECT_THAT(terms_of("one\"two three\"four"), ElementsAre("one", "two three", "four"));
}

TEST(Terms, AQuoteThatIsNotClosedEndsWithTheQuery) {
  EXPECT_THAT(terms_of("one \"two three "), ElementsAre("one", "two three "));
  EXPECT_THAT(terms_of("one\""), ElementsAre("one"));
}

TEST(Terms, NoOtherCharacterMeansAnything) {
  EXPECT_THAT(terms_of("a* AND -b ^c (d) e:f NEAR 'g' \\ %"),
              ElementsAre("a*", "and", "-b", "^c", "(d)", "e:f", "near", "'g'", "\\", "%"));
}

TEST(Terms, WhatMeansNothingIsInvalid) {
  for (const std::string_view words : {"", "  ", "\"", "\"\"", "\" \" \"\t\"", "　"}) {
    const auto terms = Terms::parse(words);
    ASSERT_TRUE(terms.has_error()) << words;
    EXPECT_EQ(terms.error().code, Errc::invalid);
    EXPECT_THAT(terms.error().message, HasSubstr("no word"));
  }
  for (const std::string_view words :
       {std::string_view("a\0b", 3), std::string_view("\xC3"), std::string_view("\xED\xA0\x80"),
        std::string_view("\xFF")}) {
    const auto terms = Terms::parse(words);
    ASSERT_TRUE(terms.has_error());
    EXPECT_THAT(terms.error().message, HasSubstr("UTF-8"));
  }
}

TEST(Terms, ThereAreNotMoreThanTheBound) {
  std::string words;
  for (std::size_t i = 0; i < limits::search_terms; ++i) words += std::to_string(i) + " ";
  EXPECT_EQ(terms_of(words).size(), limits::search_terms);
  EXPECT_EQ(Terms::parse(words + "more").error().code, Errc::invalid);
}

TEST(Terms, FoldingKeepsEachCodePointInItsPlace) {
  EXPECT_EQ(folded("Straße @[`{ AZ az 09"), "straße @[`{ az az 09");
  EXPECT_EQ(folded("ÄÖÜ ΣΑΣ ПРИВЕТ"), "äöü σασ привет");
  EXPECT_EQ(folded("\u212A\u1E9E\u0130"), "k\u00DF\u0130");  // Kelvin, capital sharp s, dotted I
  EXPECT_EQ(folded("北京 😀"), "北京 😀");
  EXPECT_EQ(folded(""), "");
}

TEST(Terms, HitsArePlacesInCodePoints) {
  EXPECT_THAT(hits("drummer", "I am your drummer"), ElementsAre(Hit{10, 17}));
  EXPECT_THAT(hits("天气", "😀北京天气，天气"), ElementsAre(Hit{3, 5}, Hit{6, 8}));
  EXPECT_THAT(hits("k", "1\u212A"), ElementsAre(Hit{1, 2}));
  EXPECT_THAT(hits("absent", "present"), IsEmpty());
}

TEST(Terms, AllTermsMustBeThere) {
  EXPECT_THAT(hits("two one", "one and two"), ElementsAre(Hit{0, 3}, Hit{8, 11}));
  EXPECT_THAT(hits("one three", "one and two"), IsEmpty());
}

TEST(Terms, HitsThatOverlapAreOneAndThoseThatTouchAreTwo) {
  EXPECT_THAT(hits("aba", "xababax"), ElementsAre(Hit{1, 6}));
  EXPECT_THAT(hits("abcd bc", "abcd bc"), ElementsAre(Hit{0, 4}, Hit{5, 7}));
  EXPECT_THAT(hits("ha", "haha"), ElementsAre(Hit{0, 2}, Hit{2, 4}));
  EXPECT_THAT(hits("éé", "éééé"), ElementsAre(Hit{0, 4}));
}

TEST(Terms, EveryPlaceOfEveryTermIsAHit) {
  constexpr unsigned letters = 10;
  const auto text = [](unsigned bits, unsigned length) {
    std::string out;
    for (unsigned i = 0; i < length; ++i) out += (bits >> i & 1) != 0 ? 'a' : 'b';
    return out;
  };
  for (unsigned size = 1; size <= 4; ++size)
    for (unsigned term_bits = 0; term_bits < 1U << size; ++term_bits)
      for (unsigned bits = 0; bits < 1U << letters; ++bits) {
        const std::string term = text(term_bits, size);
        const std::string body = text(bits, letters);
        std::vector<Hit> expected;
        for (std::size_t at = 0; (at = body.find(term, at)) != body.npos; ++at) {
          if (!expected.empty() && at < expected.back().to)
            expected.back().to = at + size;
          else
            expected.push_back({at, at + size});
        }
        ASSERT_EQ(hits(term, body), expected) << term << " in " << body;
      }
}

// Would take hours if it began anew behind each place.
TEST(Terms, AWordThatRepeatsItselfIsFoundInOnePass) {
  const std::string body(limits::max_message_ceiling, 'x');
  EXPECT_THAT(hits(body.substr(0, body.size() / 2), body), ElementsAre(Hit{0, body.size()}));
}

}  // namespace
}  // namespace yallchat
