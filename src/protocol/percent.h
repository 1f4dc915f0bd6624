// Percent-encoding (RFC 3986, section 2.1) of path segments and of header values. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace yallchat {

// Decodes once: "%2541" is "%41". A "+" stays one. Split a path on "/" before. The bytes that come
// out may be anything. Error: invalid, when a % is not followed by two hexadecimal digits.
Result<std::string> percent_decode(std::string_view text);

// One segment of a path: everything but letters and digits of ASCII and - . _ ~ @ is encoded. A
// segment that is "." or ".." stays so, and means something else in a path; no name is one of them.
std::string percent_encode_segment(std::string_view bytes);

// Only the bytes beyond ASCII; % is not encoded, so what holds none can be decoded again.
std::string percent_encode_non_ascii(std::string_view bytes);

}  // namespace yallchat
