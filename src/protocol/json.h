// JSON out: strings, directories and events. JSON in: the body of a put.
//
// Everything is UTF-8. No exception leaves this file. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "protocol/message.h"

namespace yallchat {

// A JSON string, with its quotes. Ill-formed UTF-8 comes out as U+FFFD, so that the answer is JSON
// whatever went in.
std::string json_string(std::string_view utf8);

// An array of the names, in the order given.
std::string directory_json(const std::vector<std::string>& names);

// A message in the one shape of an event, without a line break:
// {"type":"MSG","channel":"octopus","seqnr":83,"source":"Ringo","body":"hello","time":"2026-01-02T03:04:05.678Z"}
// and, when it came over a bridge, "origin" as the last member. channel: the channel's name.
std::string event_json(std::string_view channel, const Message& message);

// The other events of streams and batches (docs/streams.md, "Events"). seqnr: of the last message
// before it. names: a directory_json.
std::string directory_event_json(std::string_view channel, Seqnr seqnr, std::string_view names);
// The same in parts: before the names, and behind them. ref: JSON that the client gave to find the
// answer by, or empty.
std::string directory_event_begin(std::string_view channel, Seqnr seqnr);
std::string directory_event_end(std::string_view ref);
std::string join_json(std::string_view channel, Seqnr seqnr, std::string_view user);
std::string leave_json(std::string_view channel, Seqnr seqnr, std::string_view user,
                       std::string_view reason);
// from: the first that was asked for and is not there; first: the next that is. reason: why, or
// empty where it is just not kept.
std::string gap_json(std::string_view channel, Seqnr from, Seqnr first, std::string_view reason);
std::string end_json(std::string_view channel, Seqnr seqnr, std::string_view reason);

// Milliseconds since 1970 as RFC 3339 in UTC, as above. What lies outside of the years 0000 to
// 9999, which RFC 3339 cannot say, becomes the nearest moment that it can.
std::string rfc3339(std::int64_t ms);

// The text in the body of a put that says it is JSON: a string, or an object's member "body". Other
// members are ignored; of two "body" the last counts. The text may be empty or hold NUL, as a plain
// body may. Error: invalid, for what is not JSON or not of that shape, or nested deeper than
// limits::json_depth.
Result<std::string> text_of_json(std::string_view json);

}  // namespace yallchat
