// When something was said, as people read it: in their own time zone. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yallchat::screen {

// Milliseconds since 1970 of "2026-01-02T03:04:05.678Z" (RFC 3339 in UTC); nothing: it is no such.
std::optional<std::int64_t> parse_moment(std::string_view text);

std::string clock_words(std::int64_t ms);  // "03:04"
std::string day_words(std::int64_t ms);    // "Friday 2 January 2026"

}  // namespace yallchat::screen
