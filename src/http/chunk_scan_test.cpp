#include "http/chunk_scan.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat {
namespace {

TEST(ChunkScan, WhatMayStillBecomeRightIsNotBroken) {
  for (const char* bytes : {"", "\r", "\r\n", "\r\nA", "5", "5;a=\"b", "0", "0\r", "0\r\n",
                            "0\r\n\r", "\r\n0\r\n", "000;a=\"\\\"\"\r\n", "0\r\nX: y\r\n"})
    EXPECT_FALSE(is_broken_chunk_framing(bytes, true)) << bytes;
}

TEST(ChunkScan, AWholeLineThatTheParserDidNotTakeIsBroken) {
  EXPECT_TRUE(is_broken_chunk_framing("\r\n5;a=b\r\n", true));
  EXPECT_TRUE(is_broken_chunk_framing("x\r\n", true));
  EXPECT_FALSE(is_broken_chunk_framing("5\r\n", false)) << "it has not seen it yet";
}

TEST(ChunkScan, LinesEndInCrLfAndQuotesInTheirLine) {
  for (const char* bytes : {"\n", "5\n", "0\n\r\n", "0\r\n\n", "0\r\nX\n", "5\rx", "\x01",
                            "0;a=\"b\r\n", "5;a=\"b\r\nhello", "\x7F"})
    EXPECT_TRUE(is_broken_chunk_framing(bytes, false)) << bytes;
  EXPECT_TRUE(is_broken_chunk_framing(std::string_view("0\0", 2), false));
}

TEST(ChunkScan, IsBounded) {
  const std::string longest(limits::chunk_framing_bytes, '0');
  EXPECT_FALSE(is_broken_chunk_framing(longest, true));
  EXPECT_TRUE(is_broken_chunk_framing(longest + "0", true));
}

TEST(ChunkScan, ExtensionsHaveNoControls) {
  EXPECT_FALSE(is_bad_chunk_extension(";a=\"b\tc\";d"));
  EXPECT_TRUE(is_bad_chunk_extension(";a=\"b\nc\""));
  EXPECT_TRUE(is_bad_chunk_extension(std::string_view(";a=\"\0\"", 6)));
}

}  // namespace
}  // namespace yallchat
