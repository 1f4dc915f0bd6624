#include "http/ws_frame.h"

#include "base/check.h"

namespace yallchat::ws {
namespace {

constexpr std::uint8_t final_fragment = 0x80;
constexpr std::uint8_t length_in_2_bytes = 126;
constexpr std::uint8_t length_in_8_bytes = 127;

void append_big_endian(std::string& out, std::uint64_t number, unsigned bytes) {
  for (unsigned left = bytes; left > 0; --left)
    out += static_cast<char>(number >> (8 * (left - 1)) & 0xFF);
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
  append_header(out, opcode, payload.size());
  out += payload;
}

}  // namespace

void append_header(std::string& out, Opcode opcode, std::size_t payload_bytes) {
  CHECK(!is_control(opcode) || payload_bytes <= control_bytes, "a control frame is short");
  out += static_cast<char>(final_fragment | static_cast<std::uint8_t>(opcode));
  if (payload_bytes < length_in_2_bytes) {
    out += static_cast<char>(payload_bytes);
  } else if (payload_bytes <= 0xFFFF) {
    out += static_cast<char>(length_in_2_bytes);
    append_big_endian(out, payload_bytes, 2);
  } else {
    out += static_cast<char>(length_in_8_bytes);
    append_big_endian(out, payload_bytes, 8);
  }
}

void append_text(std::string& out, std::string_view utf8) {
  append_frame(out, Opcode::text, utf8);
}

void append_ping(std::string& out, std::string_view payload) {
  append_frame(out, Opcode::ping, payload);
}

void append_pong(std::string& out, std::string_view payload) {
  append_frame(out, Opcode::pong, payload);
}

void append_close(std::string& out, CloseCode code, std::string_view reason) {
  CHECK(code != no_code || reason.empty(), "a close without a code has no reason");
  append_header(out, Opcode::close, code == no_code ? 0 : sizeof code + reason.size());
  if (code != no_code) append_big_endian(out, code, sizeof code);
  out += reason;
}

}  // namespace yallchat::ws
