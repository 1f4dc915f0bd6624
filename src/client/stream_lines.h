// StreamLines: the bytes of an NDJSON stream in, its lines out.
//
// Holds one line and what came with its end. The owner looks at too_long() after each feed and ends
// the stream. No I/O; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/limits.h"

namespace yallchat {

class StreamLines {
 public:
  void feed(std::string_view bytes) { pending_.append(bytes); }
  // The next whole line, without its end; valid until the next call of anything here. Nothing until
  // more is fed.
  std::optional<std::string_view> next();
  // Whether the line that is not whole yet is longer than any event: limits::client_answer_bytes.
  bool too_long() const { return pending_.size() - start_ > limits::client_answer_bytes; }

 private:
  std::string pending_;
  std::size_t start_ = 0;     // of what next() has not given
  std::size_t searched_ = 0;  // up to here there is no further end of a line
};

}  // namespace yallchat
