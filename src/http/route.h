// Which resource a path names (docs/protocol.md, "Calls"). Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/ids.h"
#include "http/answer.h"
#include "http/request.h"

namespace yallchat {

enum class Resource {
  root,
  server,
  openapi,
  chats,
  chat,
  join,
  leave,
  events,
  directory,
  messages
};

struct Route {
  Resource resource = Resource::root;
  std::string channel;            // decoded, not yet checked
  std::string user;               // of a join
  std::optional<Seqnr> position;  // the number in the path
  // A name that cannot be decoded, or a number that does not fit: told when the method is right.
  std::optional<Failure> malformed;
};

// Error: 404 for no such path.
std::variant<Route, Failure> route(std::string_view path);

// The methods of a resource, as an Allow header has them.
std::string_view allowed_methods(Resource resource);
bool is_allowed(Resource resource, Method method);

// A number as a position: digits only. nullopt when it is not, or does not fit 63 bits.
std::optional<Seqnr> parse_seqnr(std::string_view text);

// The value of a query's first `name=`, decoded (a + is a space); count: how often it is there.
struct QueryValue {
  std::string value;
  std::size_t count = 0;
  bool malformed = false;  // it cannot be decoded; then there is no value
};
QueryValue query_value(std::string_view query, std::string_view name);

}  // namespace yallchat
