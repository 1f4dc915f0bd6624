#include "protocol/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <limits>
#include <random>

#include "protocol/names.h"

namespace yallchat {
namespace {

using namespace std::literals;
using testing::HasSubstr;

TEST(Json, AStringIsQuotedAndEscaped) {
  EXPECT_EQ(json_string(""), R"("")");
  EXPECT_EQ(json_string("hello"), R"("hello")");
  EXPECT_EQ(json_string("a\"b\\c\n\r\t"), R"("a\"b\\c\n\r\t")");
  EXPECT_EQ(json_string("\0\x1f"sv), R"("\u0000\u001f")");
  EXPECT_EQ(json_string("\xF0\x9F\x90\x99"), "\"\xF0\x9F\x90\x99\"");
}

TEST(Json, EveryAsciiCharacterReadsBackAsItself) {
  std::string all;
  for (char c = 0; c < 127; ++c) all += c;
  const std::string json = json_string(all + std::string(5000, '"'));
  for (const char c : json)
    EXPECT_GE(c, 0x20) << "a control character would break a line of a stream";
  EXPECT_EQ(text_of_json(json).value(), all + std::string(5000, '"'));
}

TEST(Json, IllFormedUtf8NeverComesOut) {
  EXPECT_EQ(json_string("a\xFF z\xC0\x80"), "\"a\xEF\xBF\xBD z\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_TRUE(is_utf8(json_string("\xED\xA0\x80 \xE2\x82")));
}

TEST(Json, ADirectoryIsAnArrayOfNamesInOrder) {
  EXPECT_EQ(directory_json({}), "[]");
  EXPECT_EQ(directory_json({"Ringo"}), R"(["Ringo"])");
  EXPECT_EQ(directory_json({"Paul", "Jos\u00e9", "Ringo"}), R"(["Paul","José","Ringo"])");
}

Message message() {
  Message m;
  m.seqnr = Seqnr(83);
  m.time_ms = 1'767'323'045'678;
  m.source = "Ringo";
  m.body = "say \"hi\"\nnow";
  return m;
}

TEST(Json, AMessageIsOneLineOfTheOneShape) {
  EXPECT_EQ(event_json("octopus", message()),
            R"({"type":"MSG","channel":"octopus","seqnr":83,"source":"Ringo",)"
            R"("body":"say \"hi\"\nnow","time":"2026-01-02T03:04:05.678Z"})");
}

TEST(Json, ABridgedMessageNamesItsOrigin) {
  Message m = message();
  m.origin = "far/\"octopus\"/7";
  const auto event = boost::json::parse(event_json("octopus", m)).as_object();
  EXPECT_EQ(event.at("origin").as_string(), "far/\"octopus\"/7");
  EXPECT_EQ(event.at("seqnr").as_int64(), 83);
}

TEST(Json, TheLargestSeqnrIsWrittenInFull) {
  Message m = message();
  m.seqnr = Seqnr(std::numeric_limits<std::uint64_t>::max());
  EXPECT_THAT(event_json("octopus", m), HasSubstr("\"seqnr\":18446744073709551615,"));
}

TEST(Rfc3339, IsUtcWithMilliseconds) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339(951'782'400'005), "2000-02-29T00:00:00.005Z");
  EXPECT_EQ(rfc3339(1'767'323'045'678), "2026-01-02T03:04:05.678Z");
}

TEST(Rfc3339, StaysWithinFourDigitYears) {
  EXPECT_EQ(rfc3339(253'402'300'799'999), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339(253'402'300'800'000), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339(std::numeric_limits<std::int64_t>::max()), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339(std::numeric_limits<std::int64_t>::min()), "0000-01-01T00:00:00.000Z");
}

TEST(TextOfJson, AStringIsTheText) {
  EXPECT_EQ(text_of_json(R"("hello")").value(), "hello");
  EXPECT_EQ(text_of_json(" \r\n\t\"a\\u00e9\\n\\ud83d\\udc19\" ").value(), "aé\n\xF0\x9F\x90\x99");
  EXPECT_EQ(text_of_json(R"("")").value(), "");
  EXPECT_EQ(text_of_json(R"("\u0000")").value(), "\0"sv);
}

TEST(TextOfJson, AnObjectsBodyIsTheText) {
  EXPECT_EQ(text_of_json(R"({"body":"hello"})").value(), "hello");
  EXPECT_EQ(text_of_json(R"({"type":"MSG","x":[1,{"y":2}],"body":"hello","seqnr":1e400})").value(),
            "hello");
  EXPECT_EQ(text_of_json(R"({"body":1,"body":"hello"})").value(), "hello") << "the last counts";
}

TEST(TextOfJson, OtherShapesAreRefusedInWords) {
  for (const auto json :
       {"null", "true", "83", "[]", R"(["hello"])", "{}", R"({"Body":"hello"})", R"({"body":null})",
        R"({"body":["hello"]})", R"({"body":"hello","body":1})"}) {
    const auto result = text_of_json(json);
    ASSERT_FALSE(result) << json;
    EXPECT_EQ(result.error().code, Errc::invalid);
    EXPECT_THAT(result.error().message, HasSubstr("\"body\"")) << "it says what would be right";
  }
}

TEST(TextOfJson, WhatIsNotJsonIsRefused) {
  for (const auto json : {"",
                          " ",
                          "hello",
                          "'hello'",
                          R"("hello)",
                          R"("hello" x)",
                          R"("a""b")",
                          R"({"body":"a"}})",
                          R"({"body":"a",})",
                          R"({"body":"a"} // b)",
                          R"("\x")",
                          "\"a\nb\"",
                          R"("\ud800")",
                          R"("\udc00x")",
                          R"("\ud800\u0041")",
                          "\"\xFF\"",
                          "\"\xC0\x80\"",
                          "\"\xED\xA0\x80\"",
                          "\xEF\xBB\xBF\"a\"",
                          "\"\xF4\x90\x80\x80\""}) {
    const auto result = text_of_json(json);
    ASSERT_FALSE(result) << json;
    EXPECT_THAT(result.error().message, HasSubstr("not JSON")) << json;
  }
  EXPECT_FALSE(text_of_json("\"a\"\0"sv)) << "trailing NUL";
}

TEST(TextOfJson, EightLevelsAreReadAndNineRefused) {
  const auto nested = [](std::size_t arrays) {
    return R"({"a":)" + std::string(arrays, '[') + std::string(arrays, ']') + R"(,"body":"hello"})";
  };
  EXPECT_EQ(text_of_json(nested(7)).value(), "hello");
  const auto deep = text_of_json(nested(8));
  ASSERT_FALSE(deep);
  EXPECT_THAT(deep.error().message, HasSubstr("deeper than 8"));
  EXPECT_FALSE(text_of_json(std::string(500'000, '[')));
}

TEST(TextOfJson, ALargeBodyIsRead) {
  const std::string text(500'000, 'x');
  EXPECT_EQ(text_of_json(json_string(text)).value(), text);
}

TEST(TextOfJson, RandomBytesDoNoHarm) {
  std::mt19937_64 random(1);
  constexpr std::string_view alphabet = "{}[]\",:\\u0bdy eE+-.body\xC3\xA9\xFF\0"sv;
  for (int i = 0; i < 50'000; ++i) {
    std::string json = i % 2 == 0 ? "" : R"({"body":")";
    for (auto n = random() % 40; n > 0; --n) json += alphabet[random() % alphabet.size()];
    if (const auto text = text_of_json(json)) {
      EXPECT_TRUE(is_utf8(*text)) << json;
    }
  }
}

}  // namespace
}  // namespace yallchat
