#include "base/duration.h"

#include <array>
#include <charconv>
#include <limits>

namespace yallchat {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
  std::int64_t least;  // from how many on it is used: a minute is commonly written 60s, a day 24h
};

// Largest first, so that formatting finds the shortest form.
constexpr std::array<Unit, 5> units{
    {{"d", 86'400'000, 2}, {"h", 3'600'000, 1}, {"m", 60'000, 2}, {"s", 1'000, 0}, {"ms", 1, 1}}};

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const Error error{Errc::invalid, "'" + std::string(text) +
                                       "' is not a duration: write a whole number and a unit, "
                                       "as in 500ms, 60s, 2m, 24h or 30d"};
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
  return "0s";
}

}  // namespace yallchat
