#include "http/route.h"

#include <algorithm>
#include <array>
#include <boost/container/static_vector.hpp>
#include <charconv>
#include <limits>

#include "http/text.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

Failure not_found() {
  return {404, "not-found",
          "there are /chats, /chats/{channel}, and in it join/{user}, leave, events, directory and "
          "messages; /openapi.json describes them"};
}

// No path of ours has more than chats, channel, position, verb and user; one more tells that it is
// none of them.
template <class Text>
using Segments = boost::container::static_vector<Text, 6>;

// Split first, decode each segment once after: an encoded slash is part of a name, and there
// refused.
Segments<std::string_view> split(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  Segments<std::string_view> segments;
  if (path.empty()) return segments;
  for (;;) {
    const std::size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == path.npos || segments.size() == segments.capacity()) return segments;
    path.remove_prefix(slash + 1);
  }
}

struct Verb {
  std::string_view name;
  Resource resource;
};
constexpr std::array<Verb, 5> verbs{{{"join", Resource::join},
                                     {"leave", Resource::leave},
                                     {"events", Resource::events},
                                     {"directory", Resource::directory},
                                     {"messages", Resource::messages}}};

std::variant<Route, Failure> route_chat(const Segments<std::string>& segments) {
  Route route;
  route.channel = segments[1];
  if (segments.size() == 2) {
    route.resource = Resource::chat;
    return route;
  }
  std::size_t at = 2;
  if (segments.size() > 3 && text::is_digits(segments[2])) {
    route.position = parse_seqnr(segments[2]);
    if (!route.position)
      route.malformed = {400, "bad-seqnr", "the number in the path is too large for a seqnr"};
    ++at;
  }
  if (at >= segments.size()) return not_found();
  const auto verb = std::find_if(verbs.begin(), verbs.end(),
                                 [&](const Verb& v) { return v.name == segments[at]; });
  if (verb == verbs.end()) return not_found();
  route.resource = verb->resource;
  ++at;
  if (route.resource == Resource::join && at <= segments.size()) {
    // A missing name is an empty one: it is told what a name is.
    if (at < segments.size()) route.user = segments[at++];
  }
  if (at != segments.size()) return not_found();
  return route;
}

}  // namespace

std::variant<Route, Failure> route(std::string_view path) {
  Route route;
  if (path == "*") {
    route.resource = Resource::server;
    return route;
  }
  const auto raw = split(path);
  if (raw.empty()) return route;
  Segments<std::string> segments;
  std::optional<Failure> undecoded;
  for (const std::string_view segment : raw) {
    auto decoded = percent_decode(segment);
    if (!decoded) undecoded = {400, "bad-name", decoded.error().message};
    segments.push_back(decoded ? std::move(*decoded) : std::string(segment));
  }
  if (segments.size() == 1) {
    if (segments.front() == "openapi.json") return Route{Resource::openapi, {}, {}, {}, {}};
    if (segments.front() == "chats") return Route{Resource::chats, {}, {}, {}, {}};
    return not_found();
  }
  if (segments.front() != "chats") return not_found();
  auto routed = route_chat(segments);
  if (undecoded && std::holds_alternative<Route>(routed))
    std::get<Route>(routed).malformed = std::move(undecoded);
  return routed;
}

std::string_view allowed_methods(Resource resource) {
  switch (resource) {
    case Resource::root:
    case Resource::openapi:
    case Resource::chats:
    case Resource::chat:
    case Resource::events:
    case Resource::directory: return "GET, HEAD, OPTIONS";
    case Resource::join:
    case Resource::leave: return "PUT, OPTIONS";
    case Resource::messages:
    case Resource::server: return "GET, HEAD, PUT, POST, OPTIONS";
  }
  return "";
}

bool is_allowed(Resource resource, Method method) {
  if (method == Method::options) return true;
  const bool is_get = method == Method::get || method == Method::head;
  switch (resource) {
    case Resource::root:
    case Resource::openapi:
    case Resource::chats:
    case Resource::chat:
    case Resource::events:
    case Resource::directory: return is_get;
    case Resource::join:
    case Resource::leave: return method == Method::put;
    case Resource::messages: return is_get || method == Method::put || method == Method::post;
    case Resource::server: return false;
  }
  return false;
}

std::optional<Seqnr> parse_seqnr(std::string_view text) {
  if (!text::is_digits(text)) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || value > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return Seqnr(value);
}

QueryValue query_value(std::string_view query, std::string_view name) {
  QueryValue found;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == query.npos ? std::string_view() : query.substr(end + 1);
    const std::size_t equals = pair.find('=');
    if (pair.substr(0, equals) != name) continue;
    ++found.count;
    if (equals == pair.npos || found.count > 1) continue;
    std::string raw(pair.substr(equals + 1));
    // As forms are encoded, by browsers and what they have.
    std::replace(raw.begin(), raw.end(), '+', ' ');
    auto decoded = percent_decode(raw);
    found.malformed = !decoded;
    if (decoded) found.value = std::move(*decoded);
  }
  return found;
}

}  // namespace yallchat
