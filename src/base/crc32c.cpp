#include "base/crc32c.h"

#include <isa-l/crc.h>

namespace yallchat {

std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed) {
  std::uint32_t crc = ~seed;
  constexpr std::size_t piece = 1 << 30;  // ISA-L takes the length as an int
  while (!bytes.empty()) {
    const auto now = bytes.substr(0, piece);
    // The library's prototype lacks a const; it does not write.
    auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(now.data()));
    crc = crc32_iscsi(data, static_cast<int>(now.size()), crc);
    bytes.remove_prefix(now.size());
  }
  return ~crc;
}

}  // namespace yallchat
