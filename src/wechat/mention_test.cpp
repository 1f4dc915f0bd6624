#include "wechat/mention.h"

#include <gtest/gtest.h>

namespace yallchat::screen {
namespace {

TEST(Mentions, AreWordsOfTheirOwnWhateverTheirCase) {
  const Mentions mentions({"ringo", "日本", ""});
  EXPECT_TRUE(mentions.in("Ringo: hello"));
  EXPECT_TRUE(mentions.in("ask @RINGO!"));
  EXPECT_TRUE(mentions.in("ringos and ringo"));
  EXPECT_TRUE(mentions.in("この 日本。"));
  EXPECT_FALSE(mentions.in("ringos"));
  EXPECT_FALSE(mentions.in("gringo"));
  EXPECT_FALSE(mentions.in("éringo"));
  EXPECT_FALSE(mentions.in("ringo_1"));
  EXPECT_FALSE(mentions.in(""));
}

}  // namespace
}  // namespace yallchat::screen
