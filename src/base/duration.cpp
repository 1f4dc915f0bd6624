#include "base/duration.h"

#include <array>
#include <charconv>
#include <limits>

namespace yallchat {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
  std::int64_t least;  // from how many on it is used: one minute is commonly written 60s
};

// Largest first, so that formatting finds the shortest form.
constexpr std::array<Unit, 4> units{
    {{"h", 3'600'000, 1}, {"m", 60'000, 2}, {"s", 1'000, 1}, {"ms", 1, 0}}};

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const Error error{Errc::invalid, "'" + std::string(text) +
                                       "' is not a duration: write a whole number and a unit, "
                                       "as in 500ms, 60s, 2m or 24h"};
  std::int64_t count = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (problem != std::errc{} || count < 0) return error;
  const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const Unit& unit : units) {
    if (suffix != unit.name) continue;
    if (count > std::numeric_limits<std::int64_t>::max() / unit.ms) return error;
    return std::chrono::milliseconds(count * unit.ms);
  }
  return error;
}

std::string format_duration(std::chrono::milliseconds duration) {
  for (const Unit& unit : units) {
    if (duration.count() % unit.ms == 0 && duration.count() >= unit.least * unit.ms)
      return std::to_string(duration.count() / unit.ms) + std::string(unit.name);
  }
  return "0ms";
}

}  // namespace yallchat
