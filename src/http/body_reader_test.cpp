#include "http/body_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"
#include "http/request_head.h"

namespace yallchat {
namespace {

constexpr std::size_t max = 100;

// What became of a body: its text, or the status of its failure, or "more" when it is not whole.
struct Outcome {
  std::string body;
  std::size_t used = 0;

  bool operator==(const Outcome&) const = default;
};

// It comes in pieces of so many bytes.
Outcome read(const std::string& framing, const std::string& bytes, std::size_t piece) {
  Request request;
  const std::string head = "PUT / HTTP/1.1\r\nHost: h\r\n" + framing + "\r\n\r\n";
  EXPECT_EQ(read_head(head, request).kind, HeadVerdict::Kind::complete);
  BodyReader reader(request, max);
  std::size_t used = 0;
  for (std::size_t have = 0; have < bytes.size() && !reader.is_done() && !reader.failure();) {
    have = std::min(have + piece, bytes.size());
    used += reader.read(std::string_view(bytes).substr(used, have - used), request);
  }
  if (reader.failure()) return {std::to_string(reader.failure()->status)};
  return {reader.is_done() ? std::string(request.body()) : "more", used};
}

// However it is cut, it is the same.
std::string chunked(const std::string& bytes) {
  const Outcome whole = read("Transfer-Encoding: chunked", bytes, bytes.size());
  for (std::size_t piece = 1; piece < bytes.size(); ++piece)
    EXPECT_EQ(read("Transfer-Encoding: chunked", bytes, piece), whole)
        << bytes << " in pieces of " << piece;
  return whole.body;
}

TEST(BodyReader, ALengthIsReadAndNoMore) {
  EXPECT_EQ(read("Content-Length: 5", "helloPUT", 8).body, "hello");
  EXPECT_EQ(read("Content-Length: 5", "helloPUT", 8).used, 5U);
  EXPECT_EQ(read("Content-Length: 5", "hello", 1).body, "hello");
  EXPECT_EQ(read("Content-Length: 5", "hell", 4).body, "more");
  EXPECT_EQ(read("Content-Length: 0", "", 1).body, "");
  EXPECT_EQ(read("a: b", "PUT", 3).used, 0U) << "without framing there is no body";
}

TEST(BodyReader, ChunksAreReadToTheEmptyLine) {
  EXPECT_EQ(chunked("5\r\nhello\r\n0\r\n\r\nPUT"), "hello");
  EXPECT_EQ(chunked("5\r\nhello\r\n0A\r\n, everyone\r\n00\r\n\r\n"), "hello, everyone");
  EXPECT_EQ(chunked("2\r\n\r\n\r\n0\r\n\r\n"), "\r\n") << "data may be anything";
  EXPECT_EQ(chunked("0\r\n\r\n"), "");
  EXPECT_EQ(read("Transfer-Encoding: chunked", "1\r\na\r\n0\r\n\r\nPUT", 99).used, 11U);
}

TEST(BodyReader, ExtensionsArePassedOver) {
  EXPECT_EQ(chunked("1;a;b=c ; d = \"x;\\\"y\" \t;e\r\nz\r\n0;f\r\n\r\n"), "z");
  for (const char* extension :
       {" ", ";", ";=b", ";a=", ";a=\"b", ";a=\"b\\\"", ";a=\"b\"c", ";a b", ";a=b c", "g", ";@"})
    EXPECT_EQ(chunked(std::string("1") + extension + "\r\nz\r\n0\r\n\r\n"), "400") << extension;
}

TEST(BodyReader, WhatMayStillBecomeRightIsWaitedFor) {
  for (const char* bytes : {"5", "5\r", "5\r\nhell", "5\r\nhello", "5\r\nhello\r", "5\r\nhello\r\n",
                            "5;a=\"b", "0", "0\r", "0\r\n", "0\r\n\r"})
    EXPECT_EQ(chunked(bytes), "more") << bytes;
}

TEST(BodyReader, LinesEndInCrLfAndNowhereElse) {
  for (const char* bytes :
       {"\n", "\r\n", "5\n", "5\rx", "5\r\nhello\n", "5\r\nhelloX", "5\r\nhello\rX", "\x01", "\x7F",
        "0\n\r\n", "0\r\n\n", "0\r\n\rX", "5;a=\"b\nc\"\r\nhello", "0;a=\"b\r\n\r\n"})
    EXPECT_EQ(chunked(bytes), "400") << bytes;
  EXPECT_EQ(chunked(std::string("5;a=\"\0\"\r\n", 9)), "400");
}

TEST(BodyReader, ASizeIsHexOfAtMost64Bits) {
  for (const char* size : {"", "x", "+3", "-3", "0x3", " 3", "3 ", "10000000000000003",
                           "00000000000000003", "FFFFFFFFFFFFFFFFF"})
    EXPECT_EQ(chunked(std::string(size) + "\r\nabc\r\n0\r\n\r\n"), "400") << size;
  EXPECT_EQ(chunked("0000000000000003\r\nabc\r\n0\r\n\r\n"), "abc");
}

TEST(BodyReader, TrailerFieldsAreRefused) {
  EXPECT_EQ(chunked("1\r\na\r\n0\r\nsource: ringo\r\n\r\n"), "400");
}

TEST(BodyReader, IsBounded) {
  const std::string full(max, 'x');
  EXPECT_EQ(read("Content-Length: 100", full, max).body, full);
  EXPECT_EQ(read("Content-Length: 101", "", 1).body, "413") << "before anything came";
  EXPECT_EQ(chunked("64\r\n" + full + "\r\n0\r\n\r\n"), full);
  EXPECT_EQ(chunked("65\r\n"), "413");
  EXPECT_EQ(chunked("63\r\n" + full.substr(1) + "\r\n2\r\n"), "413");
  EXPECT_EQ(chunked("FFFFFFFFFFFFFFFF\r\n"), "413");
}

TEST(BodyReader, FramingIsBounded) {
  const auto framed = [](std::size_t size) {
    return "1;" + std::string(size - 2, 'x') + "\r\na\r\n0\r\n\r\n";
  };
  EXPECT_EQ(chunked(framed(limits::chunk_framing_bytes)), "a");
  EXPECT_EQ(chunked(framed(limits::chunk_framing_bytes + 1)), "400");
  EXPECT_EQ(chunked(std::string(limits::chunk_framing_bytes + 1, '0')), "400") << "at once";
}

}  // namespace
}  // namespace yallchat
