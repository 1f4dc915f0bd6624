// Reads a request's head (RFC 9112, sections 2 to 6): one look at each byte, which decides whether
// the head may be read at all, and what it says.
//
// It is strict where leniency lets two servers disagree about where a request ends: folded fields,
// bare line feeds, lengths twice, unknown transfer codings. What is read has one meaning.
// Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "http/request.h"

namespace yallchat {

struct HeadVerdict {
  enum class Kind { incomplete, complete, refused };
  Kind kind = Kind::incomplete;
  std::size_t skipped = 0;  // empty lines before the request line (RFC 9112, section 2.2)
  std::size_t length =
      0;           // of the head, after those, with the empty line that ends it; when complete
  int status = 0;  // of the answer, when refused; the connection is closed after it
  std::string_view reason;  // its slug
  std::string_view detail;  // what was wrong and what would be right
};

// bytes: everything received since the end of the previous request. request: new; it has what the
// head says when that is complete, and is not to be used when it was refused.
HeadVerdict read_head(std::string_view bytes, Request& request);

}  // namespace yallchat
