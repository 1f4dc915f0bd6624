// Where an answer ends in what was received, and what it says: the least that is needed to count
// right. Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace yallchat::bench {

struct Answer {
  enum class State { incomplete, whole, malformed };
  State state = State::incomplete;
  std::size_t bytes = 0;  // of a whole answer
  int status = 0;
};

// In IRC a post has no answer.
enum class Protocol { http, resp, irc };

// The answer that `received` begins with, not in IRC. HTTP: Content-Length, or a status without a
// body; chunks are taken for malformed, no server here sends them. RESP, which has no statuses: 200
// for a value, 204 for a null, 500 for an error.
Answer parse_answer(Protocol protocol, std::string_view received);

// The value of a header of a whole HTTP answer, or nothing. The name in the answer's own case.
std::string_view header_of(std::string_view answer, std::string_view name);

}  // namespace yallchat::bench
