#include "client/superset.h"

#include <boost/json.hpp>

#include "base/limits.h"
#include "protocol/percent.h"

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
  message.origin = text_in(object, "origin").value_or("");
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

std::optional<StreamEvent> stream_event_of(const json::object& object) {
  const auto word = text_in(object, "type");
  if (!word) return std::nullopt;
  using enum StreamEvent::Type;
  StreamEvent read{.type = type_of(*word), .event = {}, .from = {}, .first = {}, .reason = {}};
  std::optional<Event> event = Event();
  if (read.type == message) event = message_in(object);
  if (read.type == directory) event = directory_in(object);
  if (read.type == joined || read.type == left) event = member_in(object);
  const auto first = seqnr_in(object, "first");
  if (!event || (read.type == gap && !first)) return std::nullopt;
  read.event = std::move(*event);
  read.first = first.value_or(Seqnr());
  read.from = seqnr_in(object, "from").value_or(read.first);
  read.reason = text_in(object, "reason").value_or("");
  return read;
}

// The objects of the array of that name; nothing where there is none or something else in it.
std::optional<std::vector<const json::object*>> objects_in(const json::object& object,
                                                           std::string_view name) {
  const json::value* const list = object.if_contains(name);
  if (list == nullptr || !list->is_array()) return std::nullopt;
  std::vector<const json::object*> objects;
  for (const json::value& element : list->get_array()) {
    if (!element.is_object()) return std::nullopt;
    objects.push_back(&element.get_object());
  }
  return objects;
}

}  // namespace

std::optional<StreamEvent> read_stream_event(std::string_view line) {
  const auto object = parse_object(line);
  return object ? stream_event_of(*object) : std::nullopt;
}

std::optional<SearchPage> read_search_page(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  const auto events = objects_in(*object, "events");
  const auto indexed_to = seqnr_in(*object, "indexed-to");
  if (!events || !indexed_to) return std::nullopt;
  SearchPage page{.hits = {}, .next = seqnr_in(*object, "next"), .indexed_to = *indexed_to};
  for (const json::object* const event : *events) {
    auto message = message_in(*event);
    if (!message) return std::nullopt;
    page.hits.push_back(hit_of(*event, std::move(*message)));
  }
  return page;
}

std::string search_path(const std::string& words, std::size_t limit) {
  return "/messages?q=" + percent_encode_segment(words) + "&limit=" + std::to_string(limit);
}

std::optional<HistoryPage> read_history_page(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  const auto events = objects_in(*object, "events");
  const auto next = seqnr_in(*object, "next");
  if (!events || !next) return std::nullopt;
  HistoryPage page{.events = {}, .next = *next};
  for (const json::object* const members : *events) {
    auto event = stream_event_of(*members);
    if (!event) return std::nullopt;
    using enum StreamEvent::Type;
    if (event->type == message || event->type == gap) page.events.push_back(std::move(*event));
  }
  return page;
}

std::optional<std::vector<ListedChannel>> read_channel_list(std::string_view body) {
  const auto object = parse_object(body);
  const auto channels = object ? objects_in(*object, "channels") : std::nullopt;
  if (!channels) return std::nullopt;
  std::vector<ListedChannel> list;
  for (const json::object* const members : *channels) {
    const auto name = text_in(*members, "channel");
    if (!name) return std::nullopt;
    list.push_back({.channel = *name,
                    .users = seqnr_in(*members, "users").value_or(Seqnr()).value,
                    .head = seqnr_in(*members, "head").value_or(Seqnr())});
  }
  return list;
}

}  // namespace yallchat
