#include "client/reply.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <charconv>

#include "base/limits.h"
#include "client/trimmed.h"
#include "protocol/names.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

namespace json = boost::json;

std::optional<json::value> parse_json(std::string_view text) {
  json::error_code problem;
  json::parse_options options;
  options.max_depth = limits::json_depth;
  json::value value = json::parse(text, problem, {}, options);
  if (problem) return std::nullopt;
  return value;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

Event::Type type_of(std::string_view word) {
  if (same_word(word, "MSG")) return Event::Type::message;
  if (same_word(word, "DIR")) return Event::Type::directory;
  return Event::Type::other;
}

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const char* const last = digits.data() + digits.size();
  const auto [end, problem] = std::from_chars(digits.data(), last, value);
  if (problem != std::errc{} || end != last) return std::nullopt;
  return value;
}

// More of a server's explanation helps nobody.
constexpr std::size_t longest_detail = 1'000;

// A header's text is percent-encoded where it is not ASCII; a server that does not encode is taken
// as it is.
std::string header_text(std::string_view value) {
  const auto decoded = percent_decode(value);
  return decoded && is_utf8(*decoded) ? *decoded : std::string(value);
}

std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const auto end = text.find_first_of("\n,");
    if (const auto name = trimmed(text.substr(0, end)); !name.empty()) names.emplace_back(name);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return names;
}

std::string_view view(const json::value& value) {
  const json::string& text = value.get_string();
  return {text.data(), text.size()};
}

std::vector<std::string> names_in(const json::array& array) {
  std::vector<std::string> names;
  for (const json::value& entry : array)
    if (entry.is_string()) names.emplace_back(view(entry));
  return names;
}

std::string without_last_newline(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return std::string(text);
}

// What the headers of an answer to a poll say.
struct Head {
  explicit Head(const HttpAnswer& answer) {
    if (const auto word = answer.header("type"); word && !word->empty()) type = type_of(*word);
    if (const auto value = number_header(answer, "seqnr")) seqnr = Seqnr(*value);
    if (const auto name = answer.header("source")) source = header_text(*name);
    if (const auto date = answer.header("date-sent")) time = *date;
    if (const auto hops = answer.header("origin")) origin = *hops;
  }
  Event event(Event::Type otherwise) const {
    Event made;
    made.type = type.value_or(otherwise);
    made.seqnr = seqnr;
    made.source = source.value_or("");
    made.time = time;
    made.origin = origin;
    return made;
  }
  bool names_a_sender() const { return type == Event::Type::message && source.has_value(); }

  std::optional<Event::Type> type;
  std::optional<Seqnr> seqnr;
  std::optional<std::string> source;
  std::string time;
  std::string origin;
};

Event text_event(const Head& head, std::string_view text) {
  Event event = head.event(Event::Type::message);
  if (event.type == Event::Type::directory)
    event.names = split_names(text);
  else
    event.body = text;
  return event;
}

void take_body(Event& event, const json::value& body) {
  if (body.is_string() && event.type == Event::Type::directory)
    event.names = split_names(view(body));
  else if (body.is_string())
    event.body = view(body);
  else if (body.is_array())
    event.names = names_in(body.get_array());
  else
    event.body = json::serialize(body);
}

// Whether an object is what somebody said to a server that does not encode: the headers tell all of
// the event, and it has nothing of one.
bool is_said(const Head& head, const json::object& object) {
  return head.names_a_sender() && head.seqnr && !object.contains("type") &&
         !object.contains("source");
}

// Headers win; the object's members stand in for those that are missing.
std::optional<Event> object_event(const Head& head, const json::object& object) {
  const auto* const body = object.if_contains("body");
  if (body == nullptr || body->is_null()) return std::nullopt;
  Event event = head.event(body->is_array() ? Event::Type::directory : Event::Type::message);
  const auto* const type = object.if_contains("type");
  if (!head.type && type != nullptr && type->is_string()) event.type = type_of(view(*type));
  const auto* const source = object.if_contains("source");
  if (!head.source && source != nullptr && source->is_string()) event.source = view(*source);
  const auto* const time = object.if_contains("time");
  if (event.time.empty() && time != nullptr && time->is_string()) event.time = view(*time);
  if (const auto* const seqnr = object.if_contains("seqnr"); !event.seqnr && seqnr != nullptr) {
    std::optional<std::uint64_t> value;
    if (seqnr->is_string())
      value = number(view(*seqnr));
    else if (seqnr->is_int64() && seqnr->get_int64() >= 0)
      value = static_cast<std::uint64_t>(seqnr->get_int64());
    if (value) event.seqnr = Seqnr(*value);
  }
  take_body(event, *body);
  return event;
}

std::vector<Event> array_events(const Head& head, const json::array& array) {
  std::vector<Event> events;
  for (const json::value& entry : array)
    if (const auto* const object = entry.if_object())
      if (auto event = object_event(head, *object)) events.push_back(std::move(*event));
  if (!events.empty()) return events;
  Event directory = head.event(Event::Type::directory);
  directory.names = names_in(array);
  if (!directory.names.empty()) events.push_back(std::move(directory));
  return events;
}

// The server's own words on a refusal, or nothing.
std::string detail(const HttpAnswer& answer) {
  std::string text;
  if (const auto header = answer.header("detail"); header && !header->empty()) {
    text = header_text(*header);
  } else if (const auto value = parse_json(trimmed(answer.body)); value && value->is_object()) {
    const auto* const member = value->get_object().if_contains("detail");
    if (member != nullptr && member->is_string()) text = view(*member);
  }
  if (text.size() <= longest_detail) return text;
  std::size_t end = longest_detail;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

std::vector<Event> read_events(const HttpAnswer& answer) {
  const std::string_view body = trimmed(answer.body);
  if (answer.status == 204 || body.empty()) return {};
  const Head head(answer);
  const std::optional<json::value> value = parse_json(body);
  if (!value) return {text_event(head, without_last_newline(answer.body))};
  if (value->is_string() && value->get_string().empty()) return {};
  if (value->is_string()) return {text_event(head, view(*value))};
  if (const auto* const object = value->if_object(); object != nullptr && !is_said(head, *object))
    if (auto event = object_event(head, *object)) return {std::move(*event)};
  if (const auto* const array = value->if_array(); array != nullptr && !head.names_a_sender())
    return array_events(head, *array);
  // A server that does not encode, and somebody said "42", "null" or "[1]".
  if (head.names_a_sender()) return {text_event(head, without_last_newline(answer.body))};
  return {};
}

std::optional<std::vector<std::string>> read_directory(const HttpAnswer& answer) {
  const std::string_view body = trimmed(answer.body);
  std::optional<json::value> value = parse_json(body);
  std::vector<std::string> names;
  if (value && value->is_object())
    if (const auto* const inner = value->get_object().if_contains("body"))
      value = json::value(*inner);
  if (!value)
    names = body.find('<') == std::string_view::npos ? split_names(body) : names;  // a page of HTML
  else if (value->is_string())
    names = split_names(view(*value));
  else if (value->is_array())
    names = names_in(value->get_array());
  if (names.empty()) return std::nullopt;
  return names;
}

bool says_false(const HttpAnswer& answer) {
  std::string_view body = trimmed(answer.body);
  if (body.size() > 2 && body.front() == '"' && body.back() == '"')
    body = body.substr(1, body.size() - 2);
  return same_word(body, "false");
}

bool means_no_session(int status) {
  return status == 401 || status == 403 || status == 404 || status == 410;
}

std::optional<std::uint64_t> number_header(const HttpAnswer& answer, std::string_view name) {
  const auto value = answer.header(name);
  return value ? number(*value) : std::nullopt;
}

std::optional<std::chrono::milliseconds> retry_after(const HttpAnswer& answer) {
  const auto seconds = number_header(answer, "retry-after");
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(
      std::min<std::uint64_t>(*seconds, limits::client_retry_after_seconds));
}

std::string status_words(const HttpAnswer& answer) {
  const auto reason = answer.header("reason");
  return "(HTTP " + std::to_string(answer.status) +
         (reason && !reason->empty() ? ", " + std::string(*reason) : std::string()) + ")";
}

std::string refusal_words(const HttpAnswer& answer) {
  const auto words = [&]() -> std::string {
    switch (answer.status) {
      case 200: return "the server said false";
      case 401: return "the server does not accept the session";
      case 403: return "not allowed";
      case 404: return "there is no such chat at this address";
      case 409: return "it conflicts with something already there";
      case 413: return "it is too long";
      case 429: return "too many requests";
      default: break;
    }
    if (answer.status >= 300 && answer.status < 400) {
      const auto where = answer.header("location");
      return "the server points elsewhere" + (where ? ": " + std::string(*where) : std::string());
    }
    return answer.status >= 500 ? "the server failed" : "the server refused it";
  }();
  const std::string why = detail(answer);
  return words + " " + status_words(answer) + (why.empty() ? "" : ": " + why);
}

}  // namespace yallchat
