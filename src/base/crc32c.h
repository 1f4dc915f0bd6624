// CRC32C (Castagnoli, RFC 3720 appendix B.4), by ISA-L.
#pragma once

#include <cstdint>
#include <string_view>

namespace yallchat {

// The checksum of bytes, continued from seed: crc32c(b, crc32c(a)) == crc32c(a + b). Any thread.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);

}  // namespace yallchat
