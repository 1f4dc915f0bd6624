#include "http/ws_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "protocol/names.h"

namespace yallchat::ws {
namespace {

constexpr std::size_t first_bytes = 2;  // flags and opcode; mask bit and short length
constexpr std::size_t mask_bytes = 4;
constexpr std::uint8_t short_length_mask = 0x7F;
constexpr std::uint8_t length_in_2_bytes = 126;
constexpr std::uint8_t length_in_8_bytes = 127;

bool is_known(std::uint8_t opcode) {
  return opcode <= 2 || (opcode >= 8 && opcode <= 10);
}

std::uint64_t big_endian(const std::uint8_t* bytes, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | bytes[i];
  return number;
}

// Section 7.4: 1000 to 2999 is what the protocol and its registry define, as of today up to 1014;
// of these, 1004 to 1006 stand in no frame. 3000 to 4999 is everybody's.
bool is_close_code(CloseCode code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

// Section 5.3. first: the place of the first of the bytes in its frame.
void unmask(char* bytes, std::size_t size, const std::array<std::uint8_t, mask_bytes>& mask,
            std::uint64_t first) {
  std::array<std::uint8_t, 8> key;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = mask[(first + i) % mask_bytes];
  std::uint64_t eight_of_key;
  std::memcpy(&eight_of_key, key.data(), sizeof eight_of_key);
  std::size_t i = 0;
  for (; size - i >= sizeof eight_of_key; i += sizeof eight_of_key) {
    std::uint64_t eight;
    std::memcpy(&eight, bytes + i, sizeof eight);
    eight ^= eight_of_key;
    std::memcpy(bytes + i, &eight, sizeof eight);
  }
  for (; i < size; ++i) bytes[i] = static_cast<char>(bytes[i] ^ key[i % key.size()]);
}

}  // namespace

Event Reader::next(std::string_view& bytes) {
  while (!ended_) {
    const Verdict failure = in_payload_ ? take_payload(bytes) : take_header(bytes);
    if (failure) {
      bytes = {};
      return fail(*failure);
    }
    if (in_payload_ && frame_read_ == frame_size_) {
      Event event = end_frame();
      if (ended_) bytes = {};
      if (event.kind != Event::Kind::none) return event;
    } else if (bytes.empty()) {
      return {};
    }
  }
  bytes = {};
  return {};
}

// --- The header ---

std::size_t Reader::header_bytes() const {
  if (header_size_ < first_bytes) return first_bytes;
  const std::uint8_t length = header_[1] & short_length_mask;
  const std::size_t more = length == length_in_8_bytes ? 8 : length == length_in_2_bytes ? 2 : 0;
  return first_bytes + more + mask_bytes;
}

Reader::Verdict Reader::take_header(std::string_view& bytes) {
  while (!bytes.empty()) {
    header_[header_size_++] = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    if (header_size_ == first_bytes)
      if (const Verdict failure = judge_first_bytes()) return failure;
    if (header_size_ + mask_bytes == header_bytes())
      if (const Verdict failure = judge_length()) return failure;
    if (header_size_ < header_bytes()) continue;
    std::copy_n(header_.begin() + (header_size_ - mask_bytes), mask_bytes, mask_.begin());
    header_size_ = 0;
    frame_read_ = 0;
    in_payload_ = true;
    break;
  }
  return std::nullopt;
}

Reader::Verdict Reader::judge_first_bytes() {
  const std::uint8_t opcode = header_[0] & 0x0F;
  final_ = (header_[0] & 0x80) != 0;
  if ((header_[0] & 0x70) != 0)
    return Failure{protocol_error, "a reserved bit is set; no extension was agreed on"};
  if (!is_known(opcode)) return Failure{protocol_error, "a frame with a reserved opcode"};
  if ((header_[1] & 0x80) == 0)
    return Failure{protocol_error, "a frame that is not masked; a client masks each"};
  opcode_ = static_cast<Opcode>(opcode);
  if (is_control(opcode_)) {
    if (!final_) return Failure{protocol_error, "a control frame is not fragmented"};
    if ((header_[1] & short_length_mask) > control_bytes)
      return Failure{protocol_error, "a control frame has at most 125 bytes"};
    return std::nullopt;
  }
  if (in_message_ && opcode_ != Opcode::continuation)
    return Failure{protocol_error, "a message begins before the one before it has ended"};
  if (!in_message_ && opcode_ == Opcode::continuation)
    return Failure{protocol_error, "a continuation of no message"};
  if (opcode_ == Opcode::binary)
    return Failure{unsupported_data, "a binary message; send JSON as text"};
  in_message_ = true;
  return std::nullopt;
}

// Section 5.2: the length in as few bytes as it takes, and below 2^63.
Reader::Verdict Reader::judge_length() {
  const std::size_t size = header_size_ - first_bytes;
  frame_size_ =
      size == 0 ? header_[1] & short_length_mask : big_endian(header_.data() + first_bytes, size);
  if ((size == 2 && frame_size_ < length_in_2_bytes) || (size == 8 && frame_size_ <= 0xFFFF) ||
      frame_size_ >> 63 != 0)
    return Failure{protocol_error, "a frame's length is not in its one form"};
  if (!is_control(opcode_) && frame_size_ > max_message_ - message_.size())
    return Failure{too_big, "the message is too long"};
  return std::nullopt;
}

// --- The payload ---

Reader::Verdict Reader::take_payload(std::string_view& bytes) {
  std::string& payload = is_control(opcode_) ? control_ : message_;
  const std::size_t before = payload.size();
  const std::size_t size = std::min<std::uint64_t>(frame_size_ - frame_read_, bytes.size());
  payload.append(bytes.substr(0, size));
  bytes.remove_prefix(size);
  unmask(payload.data() + before, size, mask_, frame_read_);
  frame_read_ += size;
  if (!is_control(opcode_) && !message_utf8_.read(std::string_view(message_).substr(before)))
    return Failure{invalid_text, "the text is not UTF-8"};
  return std::nullopt;
}

Event Reader::end_frame() {
  in_payload_ = false;
  switch (opcode_) {
    case Opcode::ping: return {Event::Kind::ping, std::exchange(control_, {}), no_code, {}};
    case Opcode::pong: return {Event::Kind::pong, std::exchange(control_, {}), no_code, {}};
    case Opcode::close: return end_close();
    default: return final_ ? end_message() : Event{};
  }
}

Event Reader::end_message() {
  if (!message_utf8_.is_complete()) return fail({invalid_text, "the text ends within a character"});
  in_message_ = false;
  return {Event::Kind::text, std::exchange(message_, {}), no_code, {}};
}

// Section 5.5.1: a code and a reason, or neither.
Event Reader::end_close() {
  ended_ = true;
  std::string reason = std::exchange(control_, {});
  message_ = {};
  if (reason.empty()) return {Event::Kind::close, {}, no_code, {}};
  if (reason.size() < sizeof(CloseCode))
    return fail({protocol_error, "a close frame with half a code"});
  const auto code = static_cast<CloseCode>(static_cast<std::uint8_t>(reason[0]) << 8 |
                                           static_cast<std::uint8_t>(reason[1]));
  reason.erase(0, sizeof code);
  if (!is_close_code(code)) return fail({protocol_error, "a close frame with a reserved code"});
  if (!is_utf8(reason)) return fail({invalid_text, "the reason of a close frame is not UTF-8"});
  return {Event::Kind::close, std::move(reason), code, {}};
}

Event Reader::fail(Failure failure) {
  ended_ = true;
  message_ = {};
  control_ = {};
  return {Event::Kind::broken, {}, failure.code, failure.detail};
}

}  // namespace yallchat::ws
