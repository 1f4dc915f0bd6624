// The characters that HTTP is made of, ASCII whatever the locale says (RFC 9110, section 5.6).
//
// Pure; any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace yallchat::text {

// What a byte may be part of. Every byte of every request's head is looked at, so by one table.
enum Class : std::uint8_t {
  token = 1,    // RFC 9110, section 5.6.2
  host = 2,     // RFC 3986, section 3.2: host[:port]. Raw bytes beyond ASCII never are
  control = 4,  // but for the tab, which a field's value may have
  blank = 8,    // space and tab
  digit = 16,
};

inline constexpr std::array<std::uint8_t, 256> classes = [] {
  std::array<std::uint8_t, 256> table{};
  const auto add = [&](std::string_view bytes, unsigned what) {
    for (const char c : bytes)
      table[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(what);
  };
  add("0123456789", token | host | digit);
  add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", token | host);
  add("!#$%&'*+-.^_`|~", token);
  add("-._~!$&'()*+,;=:[]%", host);
  for (unsigned c = 0; c < 0x20; ++c) table[c] |= control;
  table[0x7F] |= control;
  table['\t'] = blank;
  table[' '] = blank;
  return table;
}();

constexpr bool is(char c, unsigned what) {
  return (classes[static_cast<unsigned char>(c)] & what) != 0;
}

constexpr bool is_all(std::string_view text, unsigned what) {
  return std::all_of(text.begin(), text.end(), [=](char c) { return is(c, what); });
}

constexpr bool is_digits(std::string_view text) {
  return !text.empty() && is_all(text, digit);
}

// How many bytes at the front are of that kind.
constexpr std::size_t count_leading(std::string_view text, unsigned what) {
  const auto end = std::find_if_not(text.begin(), text.end(), [=](char c) { return is(c, what); });
  return static_cast<std::size_t>(end - text.begin());
}

// How many bytes at the front are of none of those kinds.
constexpr std::size_t count_until(std::string_view text, unsigned what) {
  const auto end = std::find_if(text.begin(), text.end(), [=](char c) { return is(c, what); });
  return static_cast<std::size_t>(end - text.begin());
}

constexpr std::string_view trim(std::string_view text) {
  text.remove_prefix(count_leading(text, blank));
  while (!text.empty() && is(text.back(), blank)) text.remove_suffix(1);
  return text;
}

// Whether they are the same but for upper and lower case.
constexpr bool equal_fold(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace yallchat::text
