#include "client/reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Headers = std::vector<std::pair<std::string, std::string>>;

HttpAnswer answer(std::string body, Headers headers = {}, int status = 200) {
  return {status, std::move(headers), std::move(body)};
}

// The only event of an answer.
Event event(const HttpAnswer& from) {
  const auto events = read_events(from);
  EXPECT_EQ(events.size(), 1U);
  return events.empty() ? Event{} : events.front();
}

TEST(ReadingEvents, NothingNewHasManyForms) {
  for (const char* const body : {"", " \r\n", "null", "false", "[]", "\"\"", "{}"})
    EXPECT_THAT(read_events(answer(body)), IsEmpty()) << body;
  EXPECT_THAT(read_events(answer("junk", {}, 204)), IsEmpty());
}

TEST(ReadingEvents, AMessageIsItsHeadersAndAJsonString) {
  const Event read = event(answer(R"("h\u00e9")", {{"type", "msg"},
                                                   {"seqnr", "7"},
                                                   {"source", "Gr%C3%BC%C3%9Fe"},
                                                   {"date-sent", "2026-01-02T03:04:05Z"}}));
  EXPECT_EQ(read.type, Event::Type::message);
  EXPECT_EQ(read.seqnr, Seqnr(7));
  EXPECT_EQ(read.source, "Grüße");
  EXPECT_EQ(read.body, "hé");
  EXPECT_EQ(read.time, "2026-01-02T03:04:05Z");
}

TEST(ReadingEvents, ASourceThatOnlyLooksEncodedIsTakenAsItIs) {
  EXPECT_EQ(event(answer("\"x\"", {{"source", "100%"}})).source, "100%");
  EXPECT_EQ(event(answer("\"x\"", {{"source", "%FF"}})).source, "%FF");
}

TEST(ReadingEvents, ASeqnrThatIsNoNumberIsNone) {
  for (const char* const value : {"", "x", "7x", "-1", "99999999999999999999", "1.5"})
    EXPECT_EQ(event(answer("\"x\"", {{"seqnr", value}})).seqnr, std::nullopt) << value;
}

TEST(ReadingEvents, TextThatIsNoJsonIsText) {
  EXPECT_EQ(event(answer("hello there\n")).body, "hello there");
  EXPECT_EQ(event(answer("\xFF{", {{"type", "MSG"}})).body, "\xFF{");
}

TEST(ReadingEvents, AnyTextOfANamedSenderIsText) {
  for (const char* const body : {"null", "false", "true", "42", "[1]", "{\"a\":1}"})
    EXPECT_EQ(event(answer(body, {{"type", "MSG"}, {"source", "paul"}})).body, body);
}

TEST(ReadingEvents, AnObjectStandsInForMissingHeaders) {
  const Event read =
      event(answer(R"({"type":"MSG","source":"paul","seqnr":"9","body":"hi","time":"now"})"));
  EXPECT_EQ(read.source, "paul");
  EXPECT_EQ(read.seqnr, Seqnr(9));
  EXPECT_EQ(read.body, "hi");
  EXPECT_EQ(read.time, "now");
}

TEST(ReadingEvents, AnObjectWithNothingOfAnEventIsTextWhenTheHeadersTellAll) {
  const Headers whole{{"type", "MSG"}, {"source", "paul"}, {"seqnr", "7"}};
  EXPECT_EQ(event(answer("{\"body\":\"x\"}", whole)).body, "{\"body\":\"x\"}");
  EXPECT_EQ(event(answer("{\"source\":\"paul\",\"body\":\"x\"}", whole)).body, "x");
}

TEST(ReadingEvents, HeadersWinOverAnObject) {
  const Event read = event(
      answer(R"({"source":"paul","seqnr":9,"body":"hi"})", {{"source", "ringo"}, {"seqnr", "3"}}));
  EXPECT_EQ(read.source, "ringo");
  EXPECT_EQ(read.seqnr, Seqnr(3));
}

TEST(ReadingEvents, AnArrayOfObjectsIsManyEvents) {
  const auto events = read_events(answer(R"([{"body":"a","seqnr":1},{"body":"b","seqnr":2}])"));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].body, "b");
}

TEST(ReadingEvents, ADirectoryHasManyForms) {
  const Headers dir{{"type", "DIR"}};
  for (const char* const body : {R"(["paul","ringo"])", R"("paul\nringo\n")", R"("paul, ringo")",
                                 "paul\nringo", "paul,ringo\r\n", R"({"body":["paul","ringo"]})"}) {
    const Event read = event(answer(body, dir));
    EXPECT_EQ(read.type, Event::Type::directory) << body;
    EXPECT_THAT(read.names, ElementsAre("paul", "ringo")) << body;
  }
  EXPECT_EQ(event(answer(R"(["paul"])")).type, Event::Type::directory);
}

TEST(ReadingEvents, ATypeOfTheFutureIsNeither) {
  EXPECT_EQ(event(answer("\"x\"", {{"type", "TYPING"}})).type, Event::Type::other);
}

TEST(ReadingEvents, DeepNestingIsText) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(event(answer(deep)).body, deep);
}

TEST(ReadingADirectory, WhatNamesNobodyIsNone) {
  for (const char* const body : {"", "true", "null", "[]", "42", "<html>a, b</html>"})
    EXPECT_EQ(read_directory(answer(body)), std::nullopt) << body;
}

TEST(ReadingAnswers, RetryAfterIsSecondsWithABound) {
  using std::chrono::seconds;
  EXPECT_EQ(retry_after(answer("", {{"retry-after", "3"}})), seconds(3));
  EXPECT_EQ(retry_after(answer("", {{"retry-after", "18446744073709551615"}})), seconds(3'600));
  EXPECT_EQ(retry_after(answer("", {{"retry-after", "Fri, 31 Dec"}})), std::nullopt);
}

TEST(ReadingAnswers, ARefusalEndsInTheServersOwnWords) {
  EXPECT_EQ(refusal_words(answer("false", {{"reason", "bad-name"}, {"detail", "no %C3%A9"}}, 400)),
            "the server refused it (HTTP 400, bad-name): no é");
  EXPECT_EQ(refusal_words(answer("false", {{"detail", "at most 100%"}}, 413)),
            "it is too long (HTTP 413): at most 100%");
  EXPECT_EQ(refusal_words(answer(R"({"title":"t","detail":"no \u00e9"})",
                                 {{"content-type", "application/problem+json"}}, 422)),
            "the server refused it (HTTP 422): no é");
  for (const char* const body : {"false", "", "[]", "{}", R"({"detail":7})", "<html>"})
    EXPECT_EQ(refusal_words(answer(body, {{"detail", ""}}, 400)),
              "the server refused it (HTTP 400)")
        << body;
}

TEST(ReadingAnswers, AnEndlessExplanationIsCutBetweenCharacters) {
  std::string detail = "x";
  for (int n = 0; n < 1'000; ++n) detail += "é";
  const std::string words = refusal_words(answer("false", {{"detail", detail}}, 400));
  EXPECT_LT(words.size(), 1'100U);
  EXPECT_TRUE(words.ends_with("éé…"));
}

TEST(ReadingAnswers, AFalseMayBeQuoted) {
  EXPECT_TRUE(says_false(answer(" false\n")));
  EXPECT_TRUE(says_false(answer("\"false\"")));
  EXPECT_FALSE(says_false(answer("true")));
  EXPECT_FALSE(says_false(answer("")));
}

}  // namespace
}  // namespace yallchat
