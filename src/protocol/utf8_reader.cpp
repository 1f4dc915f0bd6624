#include "protocol/utf8_reader.h"

#include <cstring>

namespace yallchat {

// By the table of well-formed sequences of the Unicode Standard (3.9, table 3-7): only the byte
// after the first one depends on it.
bool Utf8Reader::begin(std::uint8_t byte) {
  if (byte < 0x80) return true;
  if (byte < 0xC2 || byte > 0xF4) return false;
  missing_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  if (byte == 0xE0) least_ = 0xA0;  // less were overlong
  if (byte == 0xF0) least_ = 0x90;
  if (byte == 0xED) most_ = 0x9F;  // more were a surrogate
  if (byte == 0xF4) most_ = 0x8F;  // and more beyond U+10FFFF
  return true;
}

bool Utf8Reader::read(std::string_view piece) {
  std::size_t i = 0;
  while (i < piece.size()) {
    // Most text is ASCII: eight bytes at a time.
    std::uint64_t eight;
    if (missing_ == 0 && piece.size() - i >= sizeof eight) {
      std::memcpy(&eight, piece.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080ULL) == 0) {
        i += sizeof eight;
        continue;
      }
    }
    const auto byte = static_cast<std::uint8_t>(piece[i++]);
    if (missing_ == 0) {
      if (!begin(byte)) return false;
      continue;
    }
    if (byte < least_ || byte > most_) return false;
    least_ = 0x80;
    most_ = 0xBF;
    --missing_;
  }
  return true;
}

}  // namespace yallchat
