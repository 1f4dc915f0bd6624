#include <unicode/utf8.h>

#include <cstdint>
#include <cstring>

#include "protocol/names.h"

namespace yallchat {

bool is_utf8(std::string_view text) {
  const char* const bytes = text.data();
  const std::size_t size = text.size();
  std::size_t i = 0;
  while (i < size) {
    // Every message's body comes through here, and most are ASCII: eight bytes at a time.
    std::uint64_t eight;
    if (size - i >= sizeof eight) {
      std::memcpy(&eight, bytes + i, sizeof eight);
      if ((eight & 0x8080808080808080ULL) == 0) {
        i += sizeof eight;
        continue;
      }
    }
    std::int32_t point;
    U8_NEXT(bytes, i, size, point);
    if (point < 0) return false;
  }
  return true;
}

}  // namespace yallchat
