#include "client/stream_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace yallchat {
namespace {

using testing::ElementsAre;

std::vector<std::string> all(StreamLines& lines) {
  std::vector<std::string> found;
  while (const auto line = lines.next()) found.emplace_back(*line);
  return found;
}

TEST(StreamLines, AreTheSameHoweverTheirBytesArrive) {
  const std::string bytes = "one\n\ntwo\r\nthr\xc3\xa9\xc3\xa9\nfour";
  StreamLines whole;
  whole.feed(bytes);
  EXPECT_THAT(all(whole), ElementsAre("one", "", "two", "thr\xc3\xa9\xc3\xa9"));
  StreamLines single;
  std::vector<std::string> found;
  for (const char byte : bytes) {
    single.feed({&byte, 1});
    for (std::string& line : all(single)) found.push_back(std::move(line));
  }
  EXPECT_THAT(found, ElementsAre("one", "", "two", "thr\xc3\xa9\xc3\xa9"));
}

TEST(StreamLines, ALineThatDoesNotEndIsTooLongAtTheLimit) {
  StreamLines lines;
  lines.feed("short\n" + std::string(limits::client_answer_bytes, 'x'));
  EXPECT_THAT(all(lines), ElementsAre("short"));
  EXPECT_FALSE(lines.too_long());
  lines.feed("x");
  EXPECT_TRUE(lines.too_long());
}

}  // namespace
}  // namespace yallchat
