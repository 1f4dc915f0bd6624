#include "client/superset.h"

#include <boost/json.hpp>

#include "base/limits.h"

namespace yallchat {
namespace {

namespace json = boost::json;

std::optional<json::object> parse_object(std::string_view text) {
  json::error_code problem;
  json::parse_options options;
  options.max_depth = limits::json_depth;
  json::value value = json::parse(text, problem, {}, options);
  if (problem || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::optional<std::string> text_in(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

std::optional<std::size_t> count(const json::value& value) {
  if (!value.is_int64() || value.get_int64() < 0) return std::nullopt;
  return static_cast<std::size_t>(value.get_int64());
}

std::optional<Seqnr> seqnr_in(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  const auto number = value == nullptr ? std::nullopt : count(*value);
  return number ? std::optional(Seqnr(*number)) : std::nullopt;
}

std::optional<Event> message_in(const json::object& object) {
  const auto source = text_in(object, "source");
  const auto body = text_in(object, "body");
  const auto seqnr = seqnr_in(object, "seqnr");
  if (!source || !body || !seqnr) return std::nullopt;
  Event message;
  message.seqnr = seqnr;
  message.source = *source;
  message.body = *body;
  message.time = text_in(object, "time").value_or("");
  return message;
}

std::optional<Event> directory_in(const json::object& object) {
  const json::value* const users = object.if_contains("users");
  if (users == nullptr || !users->is_array()) return std::nullopt;
  Event directory;
  directory.type = Event::Type::directory;
  for (const json::value& user : users->get_array()) {
    if (!user.is_string()) return std::nullopt;
    directory.names.emplace_back(user.get_string());
  }
  return directory;
}

std::optional<Event> member_in(const json::object& object) {
  const auto source = text_in(object, "source");
  if (!source) return std::nullopt;
  Event member;
  member.type = Event::Type::other;
  member.source = *source;
  return member;
}

StreamEvent::Type type_of(std::string_view word) {
  using enum StreamEvent::Type;
  if (word == "MSG") return message;
  if (word == "DIR") return directory;
  if (word == "JOIN") return joined;
  if (word == "LEAVE") return left;
  if (word == "GAP") return gap;
  if (word == "END") return end;
  return other;
}

// A mark that makes no sense, or comes before the end of the one before, is left out.
Hit hit_of(const json::object& object, Event message) {
  Hit hit{.message = std::move(message), .marks = {}};
  const json::value* const marks = object.if_contains("hits");
  if (marks == nullptr || !marks->is_array()) return hit;
  for (const json::value& mark : marks->get_array()) {
    const json::array* const pair = mark.if_array();
    if (pair == nullptr || pair->size() != 2) continue;
    const auto from = count(pair->at(0));
    const auto behind = count(pair->at(1));
    const std::size_t at_least = hit.marks.empty() ? 0 : hit.marks.back().second;
    if (from && behind && *from < *behind && *from >= at_least)
      hit.marks.emplace_back(*from, *behind);
  }
  return hit;
}

}  // namespace

std::optional<StreamEvent> read_stream_event(std::string_view line) {
  const auto object = parse_object(line);
  const auto word = object ? text_in(*object, "type") : std::nullopt;
  if (!word) return std::nullopt;
  using enum StreamEvent::Type;
  StreamEvent read{.type = type_of(*word), .event = {}, .first = {}, .reason = {}};
  std::optional<Event> event = Event();
  if (read.type == message) event = message_in(*object);
  if (read.type == directory) event = directory_in(*object);
  if (read.type == joined || read.type == left) event = member_in(*object);
  const auto first = seqnr_in(*object, "first");
  if (!event || (read.type == gap && !first)) return std::nullopt;
  read.event = std::move(*event);
  read.first = first.value_or(Seqnr());
  read.reason = text_in(*object, "reason").value_or("");
  return read;
}

std::optional<SearchPage> read_search_page(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  const json::value* const events = object->if_contains("events");
  const auto indexed_to = seqnr_in(*object, "indexed-to");
  if (events == nullptr || !events->is_array() || !indexed_to) return std::nullopt;
  SearchPage page{.hits = {}, .next = seqnr_in(*object, "next"), .indexed_to = *indexed_to};
  for (const json::value& event : events->get_array()) {
    const json::object* const members = event.if_object();
    auto message = members == nullptr ? std::nullopt : message_in(*members);
    if (!message) return std::nullopt;
    page.hits.push_back(hit_of(*members, std::move(*message)));
  }
  return page;
}

}  // namespace yallchat
