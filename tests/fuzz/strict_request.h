// A second reader of HTTP/1 requests, as strict as RFC 9112 lets one be, to compare the server's
// with.
//
// It shares no code with the server, and reads the whole grammar rather than fast: where the server
// and this one read the same bytes differently, so could the server and a proxy before it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yallchat {

struct StrictHead {
  std::string method;
  std::string target;
  unsigned version = 0;                                    // 10 or 11
  std::map<std::string, std::vector<std::string>> fields;  // by their names in lower case
  std::size_t end = 0;  // of the head in the bytes, with empty lines before it
  bool chunked = false;
  std::optional<std::uint64_t> length;  // the Content-Length
};

// Nothing where the bytes do not begin with a whole head that has one meaning.
std::optional<StrictHead> read_strict_head(std::string_view bytes);

struct StrictBody {
  std::string text;
  std::size_t size = 0;          // with its framing
  std::size_t most_framing = 0;  // between the data of two chunks, up to the last line's end
};

// bytes: all that follows the head. Nothing where the body is not whole, or has trailer fields.
std::optional<StrictBody> read_strict_body(const StrictHead& head, std::string_view bytes);

}  // namespace yallchat
