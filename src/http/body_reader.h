// Reads a request's body, whose framing its head gave: so many bytes, or chunks (RFC 9112, sections
// 6 and 7).
//
// Owner: the connection, one a request. The loop's thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/answer.h"
#include "http/request.h"

namespace yallchat {

// Of a message with more bytes than one may have, however it comes.
Failure too_long(std::size_t most_bytes);

class BodyReader {
 public:
  // max: of the body, in bytes. A length beyond it is a failure at once.
  BodyReader(const Request& request, std::size_t max);

  // Moves what it can of the bytes to the request's body; says how many it took. What was not taken
  // is to be given again, with more.
  std::size_t read(std::string_view bytes, Request& request);

  bool is_done() const { return done_; }
  // Why it cannot go on: the connection is answered this and closed.
  const std::optional<Failure>& failure() const { return failure_; }

 private:
  std::size_t take_data(std::string_view bytes, Request& request);
  std::size_t take_framing(std::string_view bytes, const Request& request);
  std::size_t take_last_chunk(std::string_view after, std::size_t line);
  std::size_t fail_framing();
  void fail_size();

  std::size_t max_;
  bool chunked_;
  std::uint64_t left_ = 0;  // of the body, or of the chunk that is being read
  bool in_chunk_ = false;   // a chunk's data was begun, and its CR LF not seen
  bool done_ = false;
  std::optional<Failure> failure_;
};

}  // namespace yallchat
