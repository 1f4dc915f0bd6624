// Integers as the store's formats have them: fixed width, little endian. Any thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace yallchat {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "the formats are written as memory has them");

template <class Integer>
void put_integer(std::string& out, std::type_identity_t<Integer> value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(Integer));
}

template <class Integer>
void put_integer_at(std::string& out, std::size_t offset, std::type_identity_t<Integer> value) {
  std::memcpy(out.data() + offset, &value, sizeof(Integer));
}

// The bytes must be there: offset + sizeof(Integer) <= in.size().
template <class Integer>
Integer get_integer(std::string_view in, std::size_t offset) {
  Integer value;
  std::memcpy(&value, in.data() + offset, sizeof(Integer));
  return value;
}

}  // namespace yallchat
