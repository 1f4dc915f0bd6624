// The hash of a row that stands in the row itself: XXH64 over its integers, then over its bytes.
// The state's hashes also add up to the digest that shows a lost row. Not against an attacker;
// against a device. Any thread.
#pragma once

#include <xxhash.h>

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace yallchat {

inline std::uint64_t row_hash(std::initializer_list<std::uint64_t> integers,
                              std::string_view bytes = {}) {
  const auto seed = XXH64(integers.begin(), integers.size() * sizeof(std::uint64_t), 0);
  return XXH64(bytes.data(), bytes.size(), seed);
}

}  // namespace yallchat
