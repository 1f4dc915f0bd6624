#include "answers.h"

#include <gtest/gtest.h>

#include <string>

namespace yallchat::bench {
namespace {

using State = Answer::State;

// The answer is found when it is whole and followed by another, and never before.
void expect_answer(Protocol protocol, const std::string& bytes, int status) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    EXPECT_EQ(parse_answer(protocol, bytes.substr(0, i)).state, State::incomplete) << i;
  const Answer answer = parse_answer(protocol, bytes + bytes);
  EXPECT_EQ(answer.state, State::whole);
  EXPECT_EQ(answer.bytes, bytes.size());
  EXPECT_EQ(answer.status, status);
}

TEST(Answers, OfHttpEndWhereTheirLengthSays) {
  expect_answer(Protocol::http, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue", 200);
  expect_answer(Protocol::http, "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n", 202);
  expect_answer(Protocol::http, "HTTP/1.1 503 No\r\nA: b\r\nContent-Length: 5\r\n\r\nfalse", 503);
}

TEST(Answers, OfHttpWithoutABodyEndWithTheirHead) {
  expect_answer(Protocol::http, "HTTP/1.1 204 No Content\r\nyallchat: 1\r\n\r\n", 204);
  expect_answer(Protocol::http, "HTTP/1.1 304 Not Modified\r\n\r\n", 304);
}

TEST(Answers, OfHttpWithoutALengthAreNotUnderstood) {
  EXPECT_EQ(parse_answer(Protocol::http, "HTTP/1.1 200 OK\r\n\r\ntrue").state, State::malformed);
  EXPECT_EQ(parse_answer(Protocol::http, "SSH-2.0 hello you\r\n\r\n").state, State::malformed);
}

TEST(Answers, OfRedisEndWithTheirLastValue) {
  expect_answer(Protocol::resp, "+OK\r\n", 200);
  expect_answer(Protocol::resp, ":12\r\n", 200);
  expect_answer(Protocol::resp, "$3\r\n1-1\r\n", 200);
  expect_answer(Protocol::resp, "*1\r\n*2\r\n$2\r\nc0\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*0\r\n", 200);
  expect_answer(Protocol::resp, "*-1\r\n", 204);
  expect_answer(Protocol::resp, "-ERR no\r\n", 500);
}

TEST(Answers, GiveTheirHeaders) {
  const std::string answer = "HTTP/1.1 200 OK\r\nsession: abc\r\nseqnr:7\r\n\r\nseqnr: 8\r\n";
  EXPECT_EQ(header_of(answer, "session"), "abc");
  EXPECT_EQ(header_of(answer, "seqnr"), "7");
  EXPECT_EQ(header_of(answer, "sess"), "");
}

}  // namespace
}  // namespace yallchat::bench
