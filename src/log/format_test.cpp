#include "log/format.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat {
namespace {

constexpr std::uint64_t segment_id = 0x1122334455667788;

std::string frame_of(std::uint64_t id, Index number, std::string_view payload) {
  std::string bytes(frame_bytes(payload.size()), '?');
  encode_frame(id, number, Index(number.value - 1), payload, bytes);
  return bytes;
}

TEST(LogFormat, AFrameReadsBackAsItWasWritten) {
  for (const std::size_t size : {1, 7, 8, 9, 1000}) {
    const std::string payload(size, 'x');
    const std::string bytes = frame_of(segment_id, Index(7), payload);
    EXPECT_EQ(bytes.size() % frame_alignment, 0u);
    const auto frame = decode_frame(segment_id, bytes);
    ASSERT_TRUE(frame) << size;
    EXPECT_EQ(frame->number, Index(7));
    EXPECT_EQ(frame->synced, Index(6));
    EXPECT_EQ(frame->payload, payload);
  }
}

TEST(LogFormat, AFrameOfAnotherSegmentIsNone) {
  const std::string bytes = frame_of(segment_id, Index(7), "hello");
  EXPECT_FALSE(decode_frame(segment_id ^ 1, bytes)) << "half of the id that seeds the checksum";
  EXPECT_FALSE(decode_frame(segment_id ^ (1ULL << 63), bytes)) << "half of the id that marks it";
}

TEST(LogFormat, ZerosAreNoFrameWhateverTheId) {
  EXPECT_FALSE(frame_bytes_at(0, std::string(frame_header_bytes, '\0')));
}

TEST(LogFormat, ALengthBeyondTheLimitIsNoFrame) {
  std::string bytes = frame_of(segment_id, Index(7), "hello");
  bytes[8 + 3] = 1;  // the length's fourth byte: 16 MiB more
  EXPECT_FALSE(frame_bytes_at(segment_id, bytes));
}

TEST(LogFormat, AHeaderOfANewerVersionIsUnsupportedAndSaysWhich) {
  std::string bytes = encode_segment_header({segment_id, 3, Index(9)});
  const auto header = decode_segment_header(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->id, segment_id);
  EXPECT_EQ(header->sequence, 3u);
  EXPECT_EQ(header->first, Index(9));
  bytes[8] = 2;
  const auto newer = decode_segment_header(bytes);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, Errc::unsupported);
  EXPECT_NE(newer.error().message.find("version 2"), std::string::npos);
}

TEST(LogFormat, OnlyTheNamesWeGiveAreSegments) {
  EXPECT_EQ(segment_name(42), "00000000000000000042.log");
  EXPECT_EQ(parse_segment_name(segment_name(~std::uint64_t{0})), ~std::uint64_t{0});
  for (const char* name : {"42.log", "00000000000000000042.log.trimmed", "0000000000000000004x.log",
                           "99999999999999999999.log", "spare", ""})
    EXPECT_FALSE(parse_segment_name(name)) << name;
}

}  // namespace
}  // namespace yallchat
