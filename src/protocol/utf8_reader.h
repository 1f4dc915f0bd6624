// Tells of text that comes in pieces whether it is UTF-8, at the first byte that cannot be.
//
// The same rules as is_utf8 (names.h): no overlong forms, no surrogates, at most U+10FFFF. A piece
// may end within a character. Holds nothing of the text. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace yallchat {

class Utf8Reader {
 public:
  // False: whatever comes next, this is not UTF-8. Then it is not to be given more.
  bool read(std::string_view piece);
  // Whether the text may end here.
  bool is_complete() const { return missing_ == 0; }

 private:
  bool begin(std::uint8_t byte);

  unsigned missing_ = 0;       // bytes of the character that was begun
  std::uint8_t least_ = 0x80;  // what the next of them may be
  std::uint8_t most_ = 0xBF;
};

}  // namespace yallchat
