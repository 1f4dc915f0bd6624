// The frames of a WebSocket (RFC 6455, section 5): their numbers, and how the server's are written.
//
// A frame of the server's is not masked and never a fragment, so it is the same bytes for every
// reader: what goes to many is made once. The client's are read by ws_reader.h. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace yallchat::ws {

enum class Opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10,
};
constexpr bool is_control(Opcode opcode) {
  return static_cast<std::uint8_t>(opcode) >= 8;
}

// Why a WebSocket ends (section 7.4.1), as far as the server says so.
using CloseCode = std::uint16_t;
inline constexpr CloseCode no_code = 0;  // a close frame without a payload
inline constexpr CloseCode normal = 1000;
inline constexpr CloseCode going_away = 1001;
inline constexpr CloseCode protocol_error = 1002;
inline constexpr CloseCode unsupported_data = 1003;
inline constexpr CloseCode invalid_text = 1007;
inline constexpr CloseCode policy_violation = 1008;
inline constexpr CloseCode too_big = 1009;

// Of a control frame's payload (section 5.5), and so of what a close says beside its code.
inline constexpr std::size_t control_bytes = 125;
inline constexpr std::size_t close_reason_bytes = control_bytes - sizeof(CloseCode);

// The beginning of a frame whose payload, of so many bytes, is appended next. A control frame's
// has at most control_bytes.
void append_header(std::string& out, Opcode opcode, std::size_t payload_bytes);

void append_text(std::string& out, std::string_view utf8);
void append_ping(std::string& out, std::string_view payload);
// The answer to a ping: payload is the ping's.
void append_pong(std::string& out, std::string_view payload);
// The answer to a client's close (with its code), or the server's own. reason: for who debugs;
// UTF-8, at most close_reason_bytes; empty with no_code.
void append_close(std::string& out, CloseCode code, std::string_view reason = {});

}  // namespace yallchat::ws
