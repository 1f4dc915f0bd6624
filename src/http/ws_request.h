// What a client asks for over a WebSocket, and the answers that are not events: JSON objects in
// text messages (docs/streams.md, "WebSocket").
//
// Only their shape is judged here; what a name, a key, a text may be is judged where the calls of
// HTTP are. Members that are not known are ignored; null is as if the member were not there, and
// of two with one name the last counts. No exception leaves this file. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/ids.h"
#include "http/answer.h"

namespace yallchat::ws {

// Subscribe.
struct Open {
  std::string session;  // the key; empty where there is none: no key is that
  std::optional<Seqnr> from;
};
struct Post {
  std::string body;
  std::optional<std::string> key;  // an Idempotency-Key
  std::string origin;              // empty: none, as in the header
};
// Unsubscribe.
struct Close {};

struct ClientRequest {
  // What to do, or why it cannot be known: 400 bad-frame, or bad-seqnr for a `from` that is none.
  std::variant<Open, Post, Close, Failure> what;
  // The channel's name, decoded, not yet checked; none: the one of the URL.
  std::optional<std::string> channel;
  // The client's own number or string, as JSON; empty where there is none. Goes into the answer.
  // A number is what the client wrote, digit by digit.
  std::string ref;
};

// message: of one text frame, or of all its fragments.
ClientRequest parse_request(std::string_view message);

// The answers, without a line break. channel: its name; ref: JSON, or empty.
std::string posted_json(std::string_view channel, Seqnr seqnr, std::string_view ref);
std::string closed_json(std::string_view channel, std::string_view ref);
// channel: empty where the failure is of none.
std::string error_json(std::string_view channel, const Failure& failure, std::string_view ref);

}  // namespace yallchat::ws
