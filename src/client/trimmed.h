// trimmed: a text without the blanks and line ends around it. Any thread; never fails.
#pragma once

#include <string_view>

namespace yallchat {

inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}  // namespace yallchat
