#include "strict_websocket.h"

#include <cstdint>
#include <optional>

namespace yallchat {
namespace {

using Kind = WebsocketHappening::Kind;

// --- UTF-8, by decoding (RFC 3629) ---

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

// The length of the character at the front; 0 where there is no whole and right one.
std::size_t character(std::string_view text) {
  const unsigned first = byte_at(text, 0);
  if (first < 0x80) return 1;
  const std::size_t length = first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  std::uint32_t point = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (byte_at(text, i) >> 6 != 2) return 0;
    point = point << 6 | (byte_at(text, i) & 0x3F);
  }
  const std::uint32_t least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point < least || point > 0x10FFFF || surrogate ? 0 : length;
}

// What is left behind the last whole character.
std::string_view without_characters(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character(text);
    if (length == 0) break;
    text.remove_prefix(length);
  }
  return text;
}

// Whether some bytes behind it would make it a character: all that could are tried.
bool is_begun_character(const std::string& text) {
  if (text.size() >= 4) return false;
  for (const unsigned char next : {0x80, 0x90, 0xA0, 0xBF}) {
    const std::string longer = text + static_cast<char>(next);
    if (character(longer) == longer.size() || is_begun_character(longer)) return true;
  }
  return false;
}

bool is_text(std::string_view text) {
  return without_characters(text).empty();
}

bool may_become_text(std::string_view text) {
  const std::string_view rest = without_characters(text);
  return rest.empty() || is_begun_character(std::string(rest));
}

// --- Frames ---

struct Frame {
  bool final = false;
  unsigned opcode = 0;
  std::string payload;  // as much as there is of it
  bool whole = false;
};

class StrictReader {
 public:
  StrictReader(std::string_view bytes, std::size_t max) : left_(bytes), max_(max) {}

  std::vector<WebsocketHappening> read() {
    while (!ended_) {
      const auto frame = take_frame();
      if (!frame) break;
      frame->opcode >= 8 ? heed_control(*frame) : heed_data(*frame);
      if (!frame->whole) break;
    }
    return std::move(happened_);
  }

 private:
  void happen(Kind kind, std::string payload, int code = 0) {
    happened_.push_back({kind, std::move(payload), code});
    ended_ = kind == Kind::close || kind == Kind::failure;
  }
  std::nullopt_t fail(int code) {
    happen(Kind::failure, "", code);
    return std::nullopt;
  }

  // Nothing where a header is not whole, or cannot be.
  std::optional<Frame> take_frame() {
    if (left_.size() < 2) return std::nullopt;
    const unsigned first = byte_at(left_, 0);
    const unsigned second = byte_at(left_, 1);
    Frame frame;
    frame.final = first >= 0x80;
    frame.opcode = first % 16;
    const bool control = frame.opcode >= 8;
    if (first / 16 % 8 != 0 || second < 0x80) return fail(1002);
    if ((frame.opcode > 2 && !control) || frame.opcode > 10) return fail(1002);
    if (control && (!frame.final || second - 0x80 > 125)) return fail(1002);
    if (!control && begun_ != (frame.opcode == 0)) return fail(1002);
    if (frame.opcode == 2) return fail(1003);
    return take_rest(frame, second - 0x80);
  }

  std::optional<Frame> take_rest(Frame frame, std::uint64_t length) {
    std::size_t at = 2;
    const std::size_t more = length == 127 ? 8 : length == 126 ? 2 : 0;
    if (left_.size() < at + more) return std::nullopt;
    if (more != 0) length = 0;
    for (std::size_t i = 0; i < more; ++i) length = length * 256 + byte_at(left_, at++);
    if (more == 2 && length <= 125) return fail(1002);
    if (more == 8 && (length <= 65535 || length > INT64_MAX)) return fail(1002);
    if (frame.opcode < 8 && (length > max_ || text_.size() + length > max_)) return fail(1009);
    if (left_.size() < at + 4) return std::nullopt;
    const std::string_view mask = left_.substr(at, 4);
    const std::string_view payload = left_.substr(at + 4, length);
    for (std::size_t i = 0; i < payload.size(); ++i)
      frame.payload += static_cast<char>(byte_at(payload, i) ^ byte_at(mask, i % 4));
    frame.whole = payload.size() == length;
    left_ = left_.substr(at + 4 + payload.size());
    return frame;
  }

  void heed_data(const Frame& frame) {
    begun_ = true;
    text_ += frame.payload;
    const bool last = frame.final && frame.whole;
    if (last ? !is_text(text_) : !may_become_text(text_)) return happen(Kind::failure, "", 1007);
    if (!last) return;
    happen(Kind::text, text_);
    begun_ = false;
    text_.clear();
  }

  void heed_control(const Frame& frame) {
    if (!frame.whole) return;
    if (frame.opcode == 9) return happen(Kind::ping, frame.payload);
    if (frame.opcode == 10) return happen(Kind::pong, frame.payload);
    if (frame.payload.empty()) return happen(Kind::close, "");
    if (frame.payload.size() == 1) return happen(Kind::failure, "", 1002);
    const unsigned code = byte_at(frame.payload, 0) * 256 + byte_at(frame.payload, 1);
    const std::string reason = frame.payload.substr(2);
    const bool reserved = code == 1004 || code == 1005 || code == 1006;
    const bool known = code >= 1000 && code < 1015 && !reserved;
    if (!known && (code < 3000 || code >= 5000)) return happen(Kind::failure, "", 1002);
    if (!is_text(reason)) return happen(Kind::failure, "", 1007);
    happen(Kind::close, reason, static_cast<int>(code));
  }

  std::string_view left_;
  std::size_t max_;
  bool begun_ = false;  // a message, and not ended
  std::string text_;
  bool ended_ = false;
  std::vector<WebsocketHappening> happened_;
};

}  // namespace

std::vector<WebsocketHappening> read_strict_websocket(std::string_view bytes,
                                                      std::size_t max_message) {
  return StrictReader(bytes, max_message).read();
}

}  // namespace yallchat
