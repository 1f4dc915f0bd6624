#include "wechat/completion.h"

#include <gtest/gtest.h>

namespace yallchat::screen {
namespace {

class CompletionTest : public testing::Test {
 protected:
  // The line after so many Tabs.
  std::string tabs(const std::string& typed, int count = 1) {
    Editor editor;
    editor.insert(typed);
    Completion completion;
    for (int i = 0; i < count; ++i) completion.complete(editor, sources);
    return editor.text();
  }
  Completion::Sources sources{.names = {"Paul", "paula", "ringo", "pa\x1b[2Jul"},
                              .channels = {"octopus", "garden"}};
};

TEST_F(CompletionTest, ANameAtTheBeginningIsAddressed) {
  EXPECT_EQ(tabs("ri"), "ringo: ");
  EXPECT_EQ(tabs("ask ri"), "ask ringo ");
}

TEST_F(CompletionTest, SeveralThatFitComeInTurnsAndThenWhatWasTyped) {
  EXPECT_EQ(tabs("PA", 1), "Paul: ");
  EXPECT_EQ(tabs("PA", 2), "paula: ");
  EXPECT_EQ(tabs("PA", 3), "PA");
  EXPECT_EQ(tabs("PA", 4), "Paul: ");
}

TEST_F(CompletionTest, WhatFitsNothingStays) {
  EXPECT_EQ(tabs("george"), "george");
  EXPECT_EQ(tabs("/zz"), "/zz");
}

TEST_F(CompletionTest, CommandsAndTheirChannels) {
  EXPECT_EQ(tabs("/sw"), "/switch ");
  EXPECT_EQ(tabs("/switch g"), "/switch garden ");
  EXPECT_EQ(tabs("/search g"), "/search g");
}

TEST_F(CompletionTest, ANameThatCouldNotBeShownIsNotOffered) {
  EXPECT_EQ(tabs("pa\x1b"), "pa\x1b");
}

TEST_F(CompletionTest, OnlyWhatIsBeforeTheCursorIsCompleted) {
  Editor editor;
  editor.insert("ri, look");
  editor.home();
  editor.right();
  editor.right();
  Completion completion;
  completion.complete(editor, sources);
  EXPECT_EQ(editor.text(), "ringo: , look");
  completion.reset();
  completion.complete(editor, sources);
  EXPECT_EQ(editor.cursor(), std::string("ringo: Paul ").size());
}

}  // namespace
}  // namespace yallchat::screen
