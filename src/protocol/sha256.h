// SHA-256 (FIPS 180-4), by OpenSSL: where the processor has instructions for it, a hash of a
// session key, which every request pays for, takes a third of the time that a portable one does.
//
// Any thread; a failure of the library (there is no SHA-256, no memory) stops the process.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace yallchat {

using Sha256 = std::array<std::uint8_t, 32>;

// Of the parts, one behind the other.
Sha256 sha256(std::initializer_list<std::string_view> parts);

}  // namespace yallchat
