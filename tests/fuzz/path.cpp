// A request's path and query: routes, and percent-encoding there and back.
#include <algorithm>
#include <array>

#include "base/check.h"
#include "fuzz.h"
#include "http/route.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

std::string_view word(Resource resource) {
  switch (resource) {
    case Resource::join: return "join";
    case Resource::leave: return "leave";
    case Resource::events: return "events";
    case Resource::directory: return "directory";
    case Resource::messages: return "messages";
    case Resource::root:
    case Resource::server:
    case Resource::openapi:
    case Resource::chats:
    case Resource::chat: break;
  }
  return "";
}

// The path that a client would write for it.
std::string path_of(const Route& route) {
  if (route.resource == Resource::server) return "*";
  if (route.resource == Resource::root) return "/";
  if (route.resource == Resource::openapi) return "/openapi.json";
  if (route.resource == Resource::chats) return "/chats";
  std::string path = "/chats/" + percent_encode_segment(route.channel) + "/";
  if (route.resource == Resource::chat) return path;
  if (route.position) path += std::to_string(route.position->value) + "/";
  path += word(route.resource);
  if (route.resource == Resource::join) path += "/" + percent_encode_segment(route.user);
  return path;
}

void check_route(std::string_view path) {
  const auto routed = route(path);
  if (const auto* failure = std::get_if<Failure>(&routed)) {
    CHECK(failure->status == 404 || failure->status == 400, "no such path, or a bad name");
    CHECK(!failure->reason.empty() && is_clean(failure->detail), "it can stand in a header");
    return;
  }
  const Route& found = std::get<Route>(routed);
  CHECK(!allowed_methods(found.resource).empty(), "a resource has methods");
  const auto again = route(path_of(found));
  const auto* same = std::get_if<Route>(&again);
  CHECK(same != nullptr, "what was routed can be written as a path");
  CHECK(same->resource == found.resource && same->channel == found.channel &&
            same->user == found.user && same->position == found.position,
        "and is routed the same");
}

void check_percent(std::string_view text) {
  const std::string segment = percent_encode_segment(text);
  CHECK(std::all_of(segment.begin(), segment.end(),
                    [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') ||
                             std::string_view("-._~@%").find(c) != std::string_view::npos;
                    }),
        "a segment has nothing that means something in a path");
  const auto back = percent_decode(segment);
  CHECK(back && *back == text, "a segment decodes to what it was");

  const auto decoded = percent_decode(text);
  const auto percents = static_cast<std::size_t>(std::count(text.begin(), text.end(), '%'));
  CHECK(decoded ? decoded->size() + 2 * percents == text.size() : percents > 0,
        "each % stands for one byte");
}

void check_query(std::string_view query) {
  for (const std::string_view name : {"seqnr", "from", "wait"}) {
    const QueryValue found = query_value(query, name);
    CHECK(found.count > 0 || (found.value.empty() && !found.malformed), "no value without a name");
    CHECK(!found.malformed || (found.value.empty() && query.find('%') != query.npos),
          "what cannot be decoded has a %, and no value");
    if (const auto seqnr = parse_seqnr(found.value)) {
      CHECK(seqnr->value <= std::uint64_t{1} << 63, "a seqnr fits 63 bits");
      CHECK(parse_seqnr(std::to_string(seqnr->value)) == seqnr, "and is read back");
    }
  }
}

}  // namespace
}  // namespace yallchat

int fuzz_path(const std::uint8_t* data, std::size_t size) {
  using namespace yallchat;
  const std::string_view target = text_of_input(data, size);
  const std::size_t question = target.find('?');
  check_route(target.substr(0, question));
  check_percent(target);
  if (question != target.npos) check_query(target.substr(question + 1));
  return 0;
}
