#include "wechat/terminal_text.h"

#include <unicode/utf8.h>

#include <cstdint>
#include <cstdio>

namespace yallchat {
namespace {

bool is_control(UChar32 c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

bool is_separator(UChar32 c) {
  return c == 0x2028 || c == 0x2029;
}

bool is_bidi_control(UChar32 c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

// Calls each(code point) in turn; U+FFFD for what is ill-formed.
template <class Each>
void for_each_code_point(std::string_view text, Each each) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, at, size, c);
    each(c);
  }
}

void append(std::string& to, UChar32 c) {
  std::uint8_t bytes[U8_MAX_LENGTH];
  std::int32_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, c);
  to.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

std::string safe_text(std::string_view text, char newline) {
  std::string safe;
  safe.reserve(text.size());
  for_each_code_point(text, [&](UChar32 c) {
    if (c == '\n')
      safe += newline;
    else if (c == '\t' || is_separator(c))
      safe += ' ';
    else if (!is_control(c) && !is_bidi_control(c))
      append(safe, c);
  });
  return safe;
}

}  // namespace

std::string terminal_text(std::string_view text) {
  return safe_text(text, ' ');
}

std::string terminal_lines(std::string_view text) {
  return safe_text(text, '\n');
}

std::string terminal_json(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for_each_code_point(json, [&](UChar32 c) {
    if (!is_control(c) && !is_separator(c) && !is_bidi_control(c)) return append(safe, c);
    char escape[16];
    std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
    safe += escape;
  });
  return safe;
}

}  // namespace yallchat
