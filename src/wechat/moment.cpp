#include "wechat/moment.h"

#include <array>
#include <charconv>
#include <chrono>
#include <ctime>

namespace yallchat::screen {
namespace {

std::optional<unsigned> digits(std::string_view text, std::size_t at, std::size_t count) {
  unsigned number = 0;
  if (at + count > text.size()) return std::nullopt;
  const char* const begin = text.data() + at;
  const auto [end, problem] = std::from_chars(begin, begin + count, number);
  if (problem != std::errc{} || end != begin + count) return std::nullopt;
  return number;
}

std::tm local(std::int64_t ms) {
  const std::time_t seconds = ms / 1000;
  std::tm broken{};
  localtime_r(&seconds, &broken);
  return broken;
}

}  // namespace

std::optional<std::int64_t> parse_moment(std::string_view text) {
  if (text.size() < 20 || !text.ends_with('Z')) return std::nullopt;
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (text[4] != '-' || text[10] != 'T' || *hour > 23 || *minute > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  const auto moment = std::chrono::sys_days(date) + std::chrono::hours(*hour) +
                      std::chrono::minutes(*minute) + std::chrono::seconds(*second);
  return std::chrono::duration_cast<std::chrono::milliseconds>(moment.time_since_epoch()).count();
}

std::string clock_words(std::int64_t ms) {
  const std::tm broken = local(ms);
  std::array<char, 16> words{};
  std::strftime(words.data(), words.size(), "%H:%M", &broken);
  return words.data();
}

std::string day_words(std::int64_t ms) {
  const std::tm broken = local(ms);
  std::array<char, 64> words{};
  std::strftime(words.data(), words.size(), "%A %e %B %Y", &broken);
  std::string text = words.data();
  if (const auto twice = text.find("  "); twice != std::string::npos) text.erase(twice, 1);
  return text;
}

}  // namespace yallchat::screen
