#include "http/ws_frame.h"

#include <gtest/gtest.h>

namespace yallchat::ws {
namespace {

std::string header(Opcode opcode, std::size_t payload_bytes) {
  std::string out;
  append_header(out, opcode, payload_bytes);
  return out;
}

TEST(WsFrame, ALengthTakesAsFewBytesAsItCan) {
  using namespace std::string_literals;
  EXPECT_EQ(header(Opcode::text, 0), "\x81\x00"s);
  EXPECT_EQ(header(Opcode::text, 125), "\x81\x7D");
  EXPECT_EQ(header(Opcode::text, 126), "\x81\x7E\x00\x7E"s);
  EXPECT_EQ(header(Opcode::text, 65535), "\x81\x7E\xFF\xFF");
  EXPECT_EQ(header(Opcode::text, 65536), "\x81\x7F\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

TEST(WsFrame, FramesAreWholeAndNotMasked) {
  std::string out = "before";
  append_text(out, "Hello");
  EXPECT_EQ(out, "before\x81\x05Hello") << "as RFC 6455 has it, section 5.7";
  out.clear();
  append_pong(out, "Hello");
  EXPECT_EQ(out, "\x8A\x05Hello");
  out.clear();
  append_ping(out, "");
  EXPECT_EQ(out, std::string("\x89\x00", 2));
}

TEST(WsFrame, ACloseHasACodeAndAReasonOrNeither) {
  std::string out;
  append_close(out, going_away, "bye");
  EXPECT_EQ(out,
            "\x88\x05\x03\xE9"
            "bye");
  out.clear();
  append_close(out, no_code);
  EXPECT_EQ(out, std::string("\x88\x00", 2));
}

TEST(WsFrameDeathTest, AControlFrameIsNotTooLong) {
  std::string out;
  append_ping(out, std::string(control_bytes, 'x'));
  append_close(out, normal, std::string(close_reason_bytes, 'x'));
  EXPECT_EXIT(append_ping(out, std::string(control_bytes + 1, 'x')), testing::ExitedWithCode(1),
              "a control frame is short");
  EXPECT_EXIT(append_close(out, normal, std::string(close_reason_bytes + 1, 'x')),
              testing::ExitedWithCode(1), "a control frame is short");
}

}  // namespace
}  // namespace yallchat::ws
