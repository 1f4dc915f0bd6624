// Decides from the raw bytes whether a request's head may be parsed at all (RFC 9112).
//
// The library's parser is lenient where leniency lets two servers disagree about where a request
// ends: folded fields, bare line feeds, equal lengths twice, unknown transfer codings. So this
// looks first, and what it lets through has one meaning. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>

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

// bytes: everything received since the end of the previous request.
HeadVerdict scan_head(std::string_view bytes);

}  // namespace yallchat
