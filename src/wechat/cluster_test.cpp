#include "wechat/cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat::screen {
namespace {

TEST(Cluster, WidthsAreThoseOfWhatPeopleSee) {
  EXPECT_EQ(text_width("abc"), 3);
  EXPECT_EQ(text_width("日本"), 4);
  EXPECT_EQ(text_width("e\u0301"), 1);                    // e and a combining acute
  EXPECT_EQ(text_width("\u2764"), 1);                     // a heart as text
  EXPECT_EQ(text_width("\u2764\uFE0F"), 2);               // as an emoji
  EXPECT_EQ(text_width("1\uFE0F\u20E3"), 2);              // a keycap
  EXPECT_EQ(text_width("👩‍👩‍👧‍👦"), 2);  // a family, joined
  EXPECT_EQ(text_width("🇫🇷🇩🇪"), 4);                       // two flags
  EXPECT_EQ(text_width("👍🏽"), 2);                   // with a skin tone
  EXPECT_EQ(text_width("한"), 2);
  EXPECT_EQ(text_width("\u1112\u1161\u11AB"), 2);  // the same in three jamo
}

TEST(Cluster, VowelsThatTakeAColumnAreCounted) {
  EXPECT_EQ(text_width("हिन्दी"), 5);  // ha and da with vowels beside them, na without its own
  EXPECT_EQ(text_width("தமிழ்"), 4);   // ta, ma with a vowel, zha
  EXPECT_EQ(text_width("\u0B95\u0BC6\u0BBE"), 3);  // a vowel on both sides
  EXPECT_EQ(text_width("ภาษาไทย"), 7);             // no marks
  EXPECT_EQ(text_width("น้ำ"), 2);                  // a tone above, and am
  EXPECT_EQ(text_width("ที่นี่"), 2);                  // marks above only
  EXPECT_EQ(text_width("বাংলা"), 5);
}

TEST(Cluster, JamoShareTheColumnsOfTheirSyllableOnly) {
  EXPECT_EQ(text_width("\u1112\u1161"), 2);
  EXPECT_EQ(text_width("\uD558\u11AB"), 2);  // a syllable of two, and one more
  EXPECT_EQ(text_width("\u1112\u1112"), 4);
  EXPECT_EQ(text_width("\u1161\u1161"), 2);  // nothing to share
}

TEST(Cluster, EmojiOfSeveralCodePointsHaveTwoColumns) {
  EXPECT_EQ(text_width("👩🏽‍🚀"), 2);
  EXPECT_EQ(text_width("❤️‍🔥"), 2);
  EXPECT_EQ(text_width("☝🏽"), 2);
  EXPECT_EQ(text_width("\U0001F3F4\U000E0067\U000E0062\U000E007F"), 2);  // a flag by tags
  EXPECT_EQ(text_width("a🏽"), 3);                                     // a tone of nothing
}

TEST(Cluster, StepsGoOverWholeClustersBothWays) {
  const std::string text = "a👩‍👩‍👧‍👦e\u0301🇫🇷z";
  std::vector<std::size_t> forth{0};
  while (forth.back() < text.size()) forth.push_back(next_cluster(text, forth.back()));
  EXPECT_EQ(forth.size(), 6U);
  std::vector<std::size_t> back{text.size()};
  while (back.back() > 0) back.push_back(previous_cluster(text, back.back()));
  EXPECT_TRUE(std::equal(forth.begin(), forth.end(), back.rbegin(), back.rend()));
}

TEST(Cluster, WhatFitsNeverEndsInsideACluster) {
  EXPECT_EQ(fitting("日本", 3), "日");
  EXPECT_EQ(fitting("日本", 1), "");
  EXPECT_EQ(fitting("ae\u0301b", 2), "ae\u0301");
}

TEST(Cluster, TheFirstBytesHaveNoHalfOfACodePoint) {
  EXPECT_EQ(first_bytes("a日b", 4), "a日");
  EXPECT_EQ(first_bytes("a日b", 3), "a");
  EXPECT_EQ(first_bytes("日", 2), "");
  EXPECT_EQ(first_bytes("ab", 9), "ab");
}

TEST(Cluster, MarksThatPileUpAreCut) {
  std::string zalgo = "a";
  for (int i = 0; i < 1'000; ++i) zalgo += "\u0301";
  zalgo += "b";
  const auto all = clusters(zalgo);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].text.size(), 1 + 2 * (limits::cluster_code_points - 1));
  EXPECT_EQ(all[1].text, "b");
  EXPECT_EQ(fitting(zalgo, 1), all[0].text);
}

TEST(Cluster, BytesThatAreNoTextAreNoCharacterEach) {
  EXPECT_EQ(clusters("a\xff\xfe").size(), 3U);
  EXPECT_EQ(next_cluster("\xff", 0), 1U);
}

TEST(Cluster, FoldedFormsDoNotMindCaseNorWidth) {
  EXPECT_EQ(folded("RINGO"), folded("ringo"));
  EXPECT_EQ(folded("Straße"), folded("STRASSE"));
  EXPECT_EQ(folded("Ｒ"), "r");
  EXPECT_EQ(folded("\xff"), "\xff");
}

}  // namespace
}  // namespace yallchat::screen
