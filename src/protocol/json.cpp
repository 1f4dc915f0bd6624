#include "protocol/json.h"

#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <exception>
#include <optional>

#include "base/limits.h"
#include "protocol/names.h"

namespace yallchat {
namespace {

constexpr std::string_view wanted =
    "; send a JSON string, or an object whose member \"body\" is one";

Error invalid(std::string why) {
  return {Errc::invalid, std::move(why.append(wanted))};
}

void append_digits(std::string& out, std::int64_t value, std::size_t digits) {
  out.append(digits, '0');
  for (auto at = out.rbegin(); digits > 0; --digits, ++at, value /= 10)
    *at = static_cast<char>('0' + value % 10);
}

Error why_refused(const boost::json::error_code& error) {
  if (error == boost::json::error::too_deep)
    return invalid("the JSON is nested deeper than " + std::to_string(limits::json_depth) +
                   " levels");
  return invalid("the body is not JSON in UTF-8 (" + error.message() + ")");
}

Result<std::string> text_of_value(const boost::json::value& value) {
  const boost::json::value* text = &value;
  if (const auto* object = value.if_object()) {
    text = object->if_contains("body");
    if (text == nullptr) return invalid("the JSON object has no member \"body\"");
    if (!text->is_string())
      return invalid("the member \"body\" of the JSON object is not a string");
  }
  if (!text->is_string()) return invalid("the JSON is neither a string nor an object");
  return std::string(text->get_string());
}

std::string begin_event(std::string_view type, std::string_view channel, Seqnr seqnr) {
  std::string out = R"({"type":")";
  out.append(type).append(R"(","channel":)").append(json_string(channel));
  return out.append(R"(,"seqnr":)").append(std::to_string(seqnr.value));
}

std::string with_member(std::string out, std::string_view name, std::string_view text) {
  return out.append(",\"").append(name).append("\":").append(json_string(text));
}

}  // namespace

// Boost.JSON's serializer measures faster than a loop of our own (some 90 ns for 100 characters).
std::string json_string(std::string_view utf8) {
  if (is_utf8(utf8)) return boost::json::serialize(boost::json::string_view(utf8));
  std::string repaired;
  icu::UnicodeString::fromUTF8(utf8).toUTF8String(repaired);
  return boost::json::serialize(boost::json::string_view(repaired));
}

std::string directory_json(const std::vector<std::string>& names) {
  std::string out = "[";
  for (const std::string& name : names) {
    if (out.size() > 1) out += ',';
    out += json_string(name);
  }
  return out += ']';
}

std::string directory_event_begin(std::string_view channel, Seqnr seqnr) {
  return begin_event("DIR", channel, seqnr).append(R"(,"users":)");
}

std::string directory_event_end(std::string_view ref) {
  return ref.empty() ? "}" : std::string(R"(,"ref":)").append(ref) + "}";
}

std::string directory_event_json(std::string_view channel, Seqnr seqnr, std::string_view names) {
  return directory_event_begin(channel, seqnr).append(names).append(directory_event_end({}));
}

std::string join_json(std::string_view channel, Seqnr seqnr, std::string_view user) {
  return with_member(begin_event("JOIN", channel, seqnr), "source", user) += '}';
}

std::string leave_json(std::string_view channel, Seqnr seqnr, std::string_view user,
                       std::string_view reason) {
  std::string out = with_member(begin_event("LEAVE", channel, seqnr), "source", user);
  return with_member(std::move(out), "reason", reason) += '}';
}

std::string gap_json(std::string_view channel, Seqnr from, Seqnr first, std::string_view reason) {
  std::string out = begin_event("GAP", channel, Seqnr(first.value - 1));
  out.append(R"(,"from":)").append(std::to_string(from.value));
  out.append(R"(,"first":)").append(std::to_string(first.value));
  if (!reason.empty()) out = with_member(std::move(out), "reason", reason);
  return out += '}';
}

std::string end_json(std::string_view channel, Seqnr seqnr, std::string_view reason) {
  return with_member(begin_event("END", channel, seqnr), "reason", reason) += '}';
}

std::string event_json(std::string_view channel, const Message& message) {
  std::string out = begin_event("MSG", channel, message.seqnr);
  out.reserve(128 + channel.size() + message.source.size() + message.body.size() +
              message.origin.size());
  out += R"(,"source":)";
  out += json_string(message.source);
  out += R"(,"body":)";
  out += json_string(message.body);
  out += R"(,"time":")";
  out += rfc3339(message.time_ms);
  out += '"';
  if (!message.origin.empty()) {
    out += R"(,"origin":)";
    out += json_string(message.origin);
  }
  return out += '}';
}

std::string rfc3339(std::int64_t ms) {
  using namespace std::chrono;
  constexpr sys_time<milliseconds> first = sys_days(year(0) / January / 1);
  constexpr sys_time<milliseconds> last = sys_days(year(10'000) / January / 1) - milliseconds(1);
  const auto time = std::clamp(sys_time<milliseconds>(milliseconds(ms)), first, last);
  const auto midnight = floor<days>(time);
  const year_month_day date(midnight);
  const hh_mm_ss clock(time - midnight);

  std::string out;
  append_digits(out, int{date.year()}, 4);
  append_digits(out += '-', unsigned{date.month()}, 2);
  append_digits(out += '-', unsigned{date.day()}, 2);
  append_digits(out += 'T', clock.hours().count(), 2);
  append_digits(out += ':', clock.minutes().count(), 2);
  append_digits(out += ':', clock.seconds().count(), 2);
  append_digits(out += '.', clock.subseconds().count(), 3);
  return out += 'Z';
}

Result<std::string> text_of_json(std::string_view json) {
  boost::json::parse_options options;
  options.max_depth = limits::json_depth;
  // Boost.JSON reports bad input in the error code, and throws where a size is beyond its own
  // bounds.
  try {
    std::array<unsigned char, 4096> buffer;
    boost::json::monotonic_resource memory(buffer.data(), buffer.size());
    boost::json::error_code error;
    const boost::json::value value = boost::json::parse(json, error, &memory, options);
    if (error) return why_refused(error);
    return text_of_value(value);
  } catch (const std::exception& e) {
    return invalid(std::string("the body cannot be read as JSON (") + e.what() + ")");
  }
}

}  // namespace yallchat
