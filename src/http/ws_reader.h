// Reads what a client sends over a WebSocket (RFC 6455): bytes in pieces of any size become
// messages, pings, pongs, and an end.
//
// It is strict: what RFC 6455 forbids ends the connection, with the close code that it names, at
// the first byte that tells; how the network cut the bytes makes no difference. A message that is
// too long is refused by its frame's header, and a text that is not UTF-8 at its first such byte
// (but a close frame at its end). What is kept of a message that is not complete is at most twice
// max_message, however many fragments it has; between messages nothing is kept.
//
// Owner: the connection, one a WebSocket. The loop's thread only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/ws_frame.h"
#include "protocol/utf8_reader.h"

namespace yallchat::ws {

struct Event {
  enum class Kind {
    none,   // all bytes are taken, and more are needed
    text,   // payload: the message, UTF-8
    ping,   // payload: what the pong shall have
    pong,   // nobody needs to answer
    close,  // the client's; code and payload (the reason) are its own, and the code is to be echoed
    broken,  // close with this code; detail says what was wrong
  };
  Kind kind = Kind::none;
  std::string payload;
  CloseCode code = no_code;
  std::string_view detail;  // ASCII, fits a close frame
};

class Reader {
 public:
  // max_message: of a message in bytes, all its fragments together.
  explicit Reader(std::size_t max_message) : max_message_(max_message) {}

  // Takes bytes off the front up to the end of the next event and gives that, or takes all and
  // gives none. After close or broken it takes all, and nothing happens any more.
  Event next(std::string_view& bytes);

 private:
  struct Failure {
    CloseCode code;
    std::string_view detail;
  };
  using Verdict = std::optional<Failure>;

  Verdict take_header(std::string_view& bytes);
  Verdict judge_first_bytes();
  Verdict judge_length();
  std::size_t header_bytes() const;
  Verdict take_payload(std::string_view& bytes);
  Event end_frame();
  Event end_message();
  Event end_close();
  Event fail(Failure failure);

  std::size_t max_message_;

  // The header of the frame that is being read: what has come of it.
  std::array<std::uint8_t, 14> header_{};
  std::size_t header_size_ = 0;

  // The payload of the frame that is being read.
  bool in_payload_ = false;
  bool final_ = false;
  Opcode opcode_ = Opcode::continuation;
  std::array<std::uint8_t, 4> mask_{};
  std::uint64_t frame_size_ = 0;  // told by the header
  std::uint64_t frame_read_ = 0;

  // The message whose fragments are being read. Control frames may come between them.
  bool in_message_ = false;
  std::string message_;
  Utf8Reader message_utf8_;
  std::string control_;

  bool ended_ = false;
};

}  // namespace yallchat::ws
