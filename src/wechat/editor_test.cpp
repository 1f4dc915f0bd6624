#include "wechat/editor.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat::screen {
namespace {

// The text with the cursor as |.
std::string shown(const Editor& editor) {
  std::string text = editor.text();
  return text.insert(editor.cursor(), "|");
}

TEST(Editor, ACharacterOfSeveralCodePointsIsOneStepAndOneDeletion) {
  Editor editor;
  editor.insert("a👩‍👩‍👧‍👦b");
  editor.left();
  editor.left();
  EXPECT_EQ(shown(editor), "a|👩‍👩‍👧‍👦b");
  editor.right();
  editor.delete_left();
  EXPECT_EQ(shown(editor), "a|b");
  editor.delete_right();
  editor.delete_right();
  editor.delete_left();
  editor.delete_left();
  EXPECT_EQ(shown(editor), "|");
}

TEST(Editor, WordsAreSteppedOverAndCut) {
  Editor editor;
  editor.insert("the  drummer is late");
  editor.word_left();
  editor.word_left();
  EXPECT_EQ(shown(editor), "the  drummer |is late");
  editor.cut_word_left();
  EXPECT_EQ(shown(editor), "the  |is late");
  editor.word_right();
  editor.paste_cut();
  EXPECT_EQ(shown(editor), "the  isdrummer | late");
  editor.cut_word_right();
  EXPECT_EQ(shown(editor), "the  isdrummer |");
}

TEST(Editor, TheRestOfTheLineIsCutAndPastedElsewhere) {
  Editor editor;
  editor.insert("one two");
  editor.word_left();
  editor.cut_to_end();
  editor.home();
  editor.paste_cut();
  EXPECT_EQ(shown(editor), "two|one ");
  editor.end();
  editor.cut_to_home();
  EXPECT_EQ(shown(editor), "|");
  editor.paste_cut();
  EXPECT_EQ(shown(editor), "twoone |");
}

TEST(Editor, CuttingNothingKeepsWhatWasCut) {
  Editor editor;
  editor.insert("one");
  editor.cut_to_home();
  editor.cut_to_home();
  editor.paste_cut();
  EXPECT_EQ(editor.text(), "one");
}

TEST(Editor, OwnLinesComeBackAndSoDoesWhatWasBeingTyped) {
  Editor editor;
  for (const char* const line : {"one", "two", "two", ""}) {
    editor.insert(line);
    editor.accept();
  }
  editor.insert("thr");
  editor.older();
  EXPECT_EQ(shown(editor), "two|");
  editor.older();
  editor.older();
  EXPECT_EQ(shown(editor), "one|");
  editor.newer();
  editor.newer();
  editor.newer();
  EXPECT_EQ(shown(editor), "thr|");
}

TEST(Editor, OfTheOwnLinesTheNewestAreKept) {
  Editor editor;
  for (std::size_t i = 0; i <= limits::screen_typed_lines; ++i) {
    editor.insert(std::to_string(i));
    editor.accept();
  }
  for (std::size_t i = 0; i <= limits::screen_typed_lines; ++i) editor.older();
  EXPECT_EQ(editor.text(), "1");
}

TEST(Editor, TextBeyondTheBoundIsNotTaken) {
  Editor editor;
  editor.insert(std::string(limits::client_line_bytes, 'a'));
  editor.insert("b");
  EXPECT_EQ(editor.text().size(), limits::client_line_bytes);
}

}  // namespace
}  // namespace yallchat::screen
