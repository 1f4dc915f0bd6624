#include "http/ws_request.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat::ws {
namespace {

// What the message asks for, in a line: OPEN ..., POST ..., CLOSE, or the reason of the failure.
std::string asked(std::string_view message) {
  const ClientRequest request = parse_request(message);
  const std::string channel = " in " + request.channel.value_or("(the URL's)");
  if (const auto* open = std::get_if<Open>(&request.what))
    return "OPEN " + open->session +
           (open->from ? " from " + std::to_string(open->from->value) : "") + channel;
  if (const auto* post = std::get_if<Post>(&request.what))
    return "POST " + post->body + (post->key ? " key " + *post->key : "") +
           (post->origin.empty() ? "" : " origin " + post->origin) + channel;
  if (std::holds_alternative<Close>(request.what)) return "CLOSE" + channel;
  const Failure& failure = std::get<Failure>(request.what);
  EXPECT_EQ(failure.status, 400);
  EXPECT_FALSE(failure.detail.empty());
  return std::string(failure.reason);
}

std::string detail(std::string_view message) {
  const ClientRequest request = parse_request(message);
  const auto* failure = std::get_if<Failure>(&request.what);
  return failure ? failure->detail : "";
}

std::string ref_in(std::string_view message) {
  return parse_request(message).ref;
}

TEST(WsRequest, TheThreeOfTheProtocolAreRead) {
  EXPECT_EQ(asked(R"({"type":"OPEN","channel":"octopus","session":"K","from":83})"),
            "OPEN K from 83 in octopus");
  EXPECT_EQ(asked(R"({"type":"POST","channel":"octopus","body":"hello","key":"k1","ref":7})"),
            "POST hello key k1 in octopus");
  EXPECT_EQ(asked(R"({"type":"POST","channel":"octopus","body":"hello","origin":"a/b/3"})"),
            "POST hello origin a/b/3 in octopus");
  EXPECT_EQ(asked(R"({"type":"CLOSE","channel":"octopus"})"), "CLOSE in octopus");
}

TEST(WsRequest, WithoutAChannelItIsTheOneOfTheUrl) {
  EXPECT_EQ(asked(R"({"type":"OPEN","session":"K"})"), "OPEN K in (the URL's)");
  EXPECT_EQ(asked(R"({"type":"POST","body":"hello"})"), "POST hello in (the URL's)");
  EXPECT_EQ(asked(R"({"type":"CLOSE"})"), "CLOSE in (the URL's)");
  EXPECT_EQ(asked(R"({"type":"CLOSE","channel":""})"), "CLOSE in ") << "which is no name";
}

TEST(WsRequest, TextIsWhatJsonSaysInAnyOrderAndAmongOthers) {
  EXPECT_EQ(asked("  {\"body\" : \"\\u00e9\\n\\ud83d\\udc19\", \"type\":\n\"PO\\u0053T\"} "),
            "POST é\n🐙 in (the URL's)");
  EXPECT_EQ(asked(R"({"other":{"type":"OPEN","body":[1,{"body":2}]},"type":"POST","body":"a",)"
                  R"("more":[["body"],"body"]})"),
            "POST a in (the URL's)");
  const std::string large(100'000, 'x');
  EXPECT_EQ(asked(R"({"type":"POST","body":")" + large + "\"}"),
            "POST " + large + " in (the URL's)");
  EXPECT_EQ(asked(R"({"type":"POST","body":"a","body":"b"})"), "POST b in (the URL's)");
}

TEST(WsRequest, NullIsAsIfTheMemberWereNotThere) {
  EXPECT_EQ(asked(R"({"type":"OPEN","session":"K","from":null,"channel":null,"ref":null})"),
            "OPEN K in (the URL's)");
  EXPECT_EQ(asked(R"({"type":"POST","body":"a","key":null,"origin":null})"),
            "POST a in (the URL's)");
  EXPECT_EQ(asked(R"({"type":"POST","body":null})"), "bad-frame");
  EXPECT_EQ(asked(R"({"type":"POST","body":"a","body":null})"), "bad-frame");
  EXPECT_EQ(ref_in(R"({"type":"CLOSE","ref":null})"), "");
}

TEST(WsRequest, AnOpenWithoutAKeyHasOneThatOpensNothing) {
  EXPECT_EQ(asked(R"({"type":"OPEN","channel":"octopus"})"), "OPEN  in octopus");
}

TEST(WsRequest, FromIsAWholeNumber) {
  EXPECT_EQ(asked(R"({"type":"OPEN","session":"K","from":0})"), "OPEN K from 0 in (the URL's)");
  EXPECT_EQ(asked(R"({"type":"OPEN","session":"K","from":9223372036854775807})"),
            "OPEN K from 9223372036854775807 in (the URL's)");
  for (const char* from : {"-1", "-0", "1.5", "83.0", "1e2", "9223372036854775808", "\"83\"", "[]",
                           "true", "{}", "100000000000000000000000000000"})
    EXPECT_EQ(asked(R"({"type":"OPEN","session":"K","from":)" + std::string(from) + "}"),
              "bad-seqnr")
        << from;
}

TEST(WsRequest, WhatIsNoneOfTheseIsToldWhatWouldBe) {
  EXPECT_NE(detail("hello").find("a frame is a JSON object"), std::string::npos);
  EXPECT_NE(detail("[]").find("no object"), std::string::npos);
  EXPECT_NE(detail(R"({"body":"x"})").find("\"type\" is OPEN, POST or CLOSE, and is missing"),
            std::string::npos);
  EXPECT_NE(detail(R"({"type":"JOIN"})").find("not \"JOIN\""), std::string::npos);
  EXPECT_NE(detail(R"({"type":"POST"})").find("POST needs \"body\", a string"), std::string::npos);
  EXPECT_NE(detail(R"({"type":"POST","body":1})").find("\"body\" is a string"), std::string::npos);
  EXPECT_LT(detail(R"({"type":")" + std::string(1000, 'x') + "\"}").size(), 100U);
}

TEST(WsRequest, BadShapesAreBadFrames) {
  for (const char* message : {"",
                              " ",
                              "{",
                              "}",
                              "{}",
                              "null",
                              "1",
                              "\"x\"",
                              "[{\"type\":\"CLOSE\"}]",
                              "{\"type\"}",
                              "{\"type\":\"CLOSE\"",
                              "{\"type\":\"CLOSE\",}",
                              "{\"type\":\"CLOSE\"}x",
                              "{\"type\":\"CLOSE\"}{}",
                              "{type:\"CLOSE\"}",
                              "{'type':'CLOSE'}",
                              "{\"type\":1}",
                              "{\"type\":[\"CLOSE\"]}",
                              "{\"type\":\"close\"}",
                              "{\"Type\":\"CLOSE\"}",
                              "{\"type\":\"CLOSE\",\"channel\":1}",
                              "{\"type\":\"OPEN\",\"session\":1}",
                              "{\"type\":\"OPEN\",\"session\":{}}",
                              "{\"type\":\"POST\",\"body\":{\"body\":\"x\"}}",
                              "{\"type\":\"POST\",\"body\":\"x\",\"key\":7}",
                              "{\"type\":\"POST\",\"body\":\"x\",\"origin\":false}",
                              "{\"type\":\"CLOSE\",\"body\":[]}",
                              "{\"type\":\"CLOSE\",\"a\":\"\\ud800\"}",
                              "{\"type\":\"CLOSE\",\"a\":\"\xFF\"}",
                              "{\"type\":\"CLOSE\",\"a\":1e}",
                              "{\"type\":\"CLOSE\"} // comment",
                              "\xEF\xBB\xBF{\"type\":\"CLOSE\"}"})
    EXPECT_EQ(asked(message), "bad-frame") << message;
}

TEST(WsRequest, IsNestedSoDeepAndNoDeeper) {
  const auto nested = [](std::size_t depth) {
    return R"({"type":"CLOSE","a":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') +
           "}";
  };
  EXPECT_EQ(asked(nested(limits::json_depth)), "CLOSE in (the URL's)");
  EXPECT_EQ(asked(nested(limits::json_depth + 1)), "bad-frame");
  EXPECT_NE(detail(nested(100)).find("deeper than 8"), std::string::npos);
}

TEST(WsRequest, ARefComesBackAsItWas) {
  for (const char* given : {"7", "-7", "0", "1.5", "-0", "1E400", "0e400", "0.1234567890123456789",
                            "18446744073709551616", "\"a\"", "\"\"", "\"\\\"\\\\\\n\"", "\"é\""})
    EXPECT_EQ(ref_in(R"({"type":"CLOSE","ref":)" + std::string(given) + "}"), given);
  EXPECT_EQ(ref_in(R"({"ref":"\u00e9\/","type":"CLOSE"})"), "\"é/\"") << "the same string";
  EXPECT_EQ(ref_in(R"({"type":"CLOSE"})"), "");
  EXPECT_EQ(ref_in(R"({"type":"CLOSE","other":{"ref":1}})"), "");
}

TEST(WsRequest, ARefIsANumberOrAStringOf64Bytes) {
  const std::string most(limits::ref_bytes, '7');
  EXPECT_EQ(ref_in(R"({"type":"CLOSE","ref":")" + most + "\"}"), "\"" + most + "\"");
  EXPECT_EQ(ref_in(R"({"type":"CLOSE","ref":)" + most + "}"), most);
  for (const std::string& other : {"\"" + most + "7\"", most + "7", std::string("[]"),
                                   std::string("{}"), std::string("true")}) {
    EXPECT_EQ(asked(R"({"type":"CLOSE","ref":)" + other + "}"), "bad-frame") << other;
    EXPECT_EQ(ref_in(R"({"type":"CLOSE","ref":)" + other + "}"), "") << other;
  }
}

TEST(WsRequest, ARefComesBackWithAFailureToo) {
  EXPECT_EQ(ref_in(R"({"type":"DANCE","ref":7})"), "7");
  EXPECT_EQ(ref_in(R"({"type":"POST","body":1,"ref":"a"})"), "\"a\"");
  EXPECT_EQ(ref_in(R"({"type":"OPEN","from":"x","ref":7})"), "7");
  EXPECT_EQ(ref_in(R"({"ref":7,)"), "") << "nobody knows what this would have been";
}

TEST(WsRequest, ANameThatNoChannelHasIsNotKept) {
  const std::string name(limits::channel_code_points * 16 + 1, 'x');
  const std::string message = R"({"type":"CLOSE","ref":7,"channel":")" + name + "\"}";
  EXPECT_EQ(asked(message), "bad-name");
  EXPECT_EQ(parse_request(message).channel, std::nullopt);
  EXPECT_EQ(ref_in(message), "7");
}

TEST(WsRequest, AnswersAreWordedAsDescribed) {
  EXPECT_EQ(posted_json("octopus", Seqnr(84), "7"),
            R"({"type":"POSTED","channel":"octopus","seqnr":84,"ref":7})");
  EXPECT_EQ(posted_json("caf\"é", Seqnr(84), ""),
            R"({"type":"POSTED","channel":"caf\"é","seqnr":84})");
  EXPECT_EQ(closed_json("octopus", ""), R"({"type":"CLOSED","channel":"octopus"})");
  EXPECT_EQ(closed_json("octopus", "\"a\""), R"({"type":"CLOSED","channel":"octopus","ref":"a"})");
  EXPECT_EQ(error_json("octopus", {401, "no-session", "join \"again\""}, "7"),
            R"({"type":"ERROR","channel":"octopus","status":401,"reason":"no-session",)"
            R"("detail":"join \"again\"","ref":7})");
  EXPECT_EQ(error_json("", {400, "bad-frame", "no"}, ""),
            R"({"type":"ERROR","status":400,"reason":"bad-frame","detail":"no"})");
  EXPECT_EQ(error_json("", {429, "too-many-posts", "wait", 3}, "7"),
            R"({"type":"ERROR","status":429,"reason":"too-many-posts","detail":"wait",)"
            R"("retry-after":3,"ref":7})");
}

}  // namespace
}  // namespace yallchat::ws
