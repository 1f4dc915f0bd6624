// Which characters a name may contain: _ - . @ ~ and the letters, marks and decimal digits of
// Unicode 15.0.
//
// Default-ignorable code points (zero-width joiners, variation selectors, fillers) are refused
// though some of them are letters or marks: two names that differ only in what nobody sees would
// not be told apart. Characters newer than Unicode 15.0 are refused, so that a newer ICU allows no
// more than an older one. Any thread.
#pragma once

#include <array>
#include <string_view>

namespace yallchat {

// The ASCII characters that are allowed, as a table: every request looks at them.
inline constexpr std::array<bool, 128> ascii_allowed_in_names = [] {
  std::array<bool, 128> allowed{};
  for (const char c :
       std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.@~"))
    allowed[static_cast<unsigned char>(c)] = true;
  return allowed;
}();

bool allowed_in_names(char32_t c);

}  // namespace yallchat
