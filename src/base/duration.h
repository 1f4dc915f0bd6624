// Durations as people write them: 500ms, 60s, 2m, 24h, 30d.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace yallchat {

// A whole number and one of ms, s, m, h, d, with nothing between. Error: invalid, with an example.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

// A short form that parse_duration reads back as the same: "500ms", "60s", "2m", "1h".
std::string format_duration(std::chrono::milliseconds duration);

}  // namespace yallchat
