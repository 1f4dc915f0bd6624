// The liberal reading of a WeChat server's answers.
//
// What is accepted: headers in any case; a directory as a JSON array, or as a string or plain text
// with newlines or commas; 204, null, false, [] or no body as "nothing new"; a body that is not
// JSON as text; where headers are missing, the members of a JSON object. Pure functions; any
// thread; nothing fails: what cannot be understood is read as the nearest thing that can.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "client/transport.h"

namespace yallchat {

struct Event {
  enum class Type { message, directory, other };
  Type type = Type::message;
  std::optional<Seqnr> seqnr;
  std::string source;              // decoded; empty where the server named none
  std::string body;                // of a message
  std::vector<std::string> names;  // of a directory
  std::string time;                // as the server wrote it, or empty
  std::string origin;              // of a bridged message: where it has been; else empty
};

// A 2xx answer to GET events; empty is "nothing new". More than one only where a server sends an
// array of event objects.
std::vector<Event> read_events(const HttpAnswer& answer);

// The names in a directory's answer (join or directory), in the server's order; nothing where the
// body is no directory, such as "true".
std::optional<std::vector<std::string>> read_directory(const HttpAnswer& answer);

// Whether the body is the word false, by which a server refuses.
bool says_false(const HttpAnswer& answer);

// Whether a server says by this status that it does not know the session.
bool means_no_session(int status);

// A header that is a whole number.
std::optional<std::uint64_t> number_header(const HttpAnswer& answer, std::string_view name);

// Retry-After in seconds (its date form is not worth a calendar here, and counts as absent).
std::optional<std::chrono::milliseconds> retry_after(const HttpAnswer& answer);

// "(HTTP 401, no-session)": the status, and the server's reason where it gave one.
std::string status_words(const HttpAnswer& answer);

// Why a request was refused: in our words, the status, and in the server's words (its header
// detail, or the member detail of a problem, RFC 9457), which may hold any character.
std::string refusal_words(const HttpAnswer& answer);

}  // namespace yallchat
