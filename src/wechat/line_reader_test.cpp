#include "wechat/line_reader.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/limits.h"

namespace yallchat {
namespace {

// "number:text" or "number!problem" of each line.
std::vector<std::string> lines_of(LineReader& reader) {
  std::vector<std::string> lines;
  while (const auto line = reader.next())
    lines.push_back(std::to_string(line->number) +
                    (line->problem.empty() ? ":" + line->text : "!" + line->problem));
  return lines;
}

using Lines = std::vector<std::string>;

TEST(LineReader, SplitsAtNewlinesWhereverTheReadsFall) {
  const std::string input = "one\r\n\n two \nthree\rx\n\r\nlast";
  for (std::size_t size = 1; size <= input.size(); ++size) {
    LineReader reader;
    Lines lines;
    for (std::size_t at = 0; at < input.size(); at += size) {
      reader.feed(std::string_view(input).substr(at, size));
      for (auto& line : lines_of(reader)) lines.push_back(line);
    }
    reader.finish();
    for (auto& line : lines_of(reader)) lines.push_back(line);
    EXPECT_EQ(lines, (Lines{"1:one", "3: two ", "4:three\rx", "6:last"})) << size;
  }
}

TEST(LineReader, AnUnfinishedLineWaitsForItsEnd) {
  LineReader reader;
  reader.feed("hel");
  EXPECT_FALSE(reader.next());
  reader.feed("lo\n");
  EXPECT_EQ(lines_of(reader), Lines{"1:hello"});
}

TEST(LineReader, WhatCannotBeSentIsRefusedAndTheRestGoesOn) {
  LineReader reader;
  reader.feed(std::string_view("\xff\na\0b\nok\n", 9));
  EXPECT_EQ(lines_of(reader), (Lines{"1!it is not UTF-8", "2!it contains NUL", "3:ok"}));
}

TEST(LineReader, ALineBeyondTheBoundIsRefusedOnceAndNotHeld) {
  const std::string part(limits::client_line_bytes / 2, 'x');
  LineReader reader;
  Lines lines;
  for (int n = 0; n < 7; ++n) {
    reader.feed(part);
    for (auto& line : lines_of(reader)) lines.push_back(line.substr(0, 16));
  }
  reader.feed("\nnext\n");
  for (auto& line : lines_of(reader)) lines.push_back(line.substr(0, 16));
  EXPECT_EQ(lines, (Lines{"1!it is longer t", "2:next"}));
}

TEST(LineReader, ALineAtTheBoundIsTaken) {
  LineReader reader;
  reader.feed(std::string(limits::client_line_bytes, 'x'));
  reader.feed("\r\n");
  const auto line = reader.next();
  ASSERT_TRUE(line);
  EXPECT_EQ(line->text.size(), limits::client_line_bytes);
}

}  // namespace
}  // namespace yallchat
