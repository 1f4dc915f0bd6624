// Which pages of other origins may use the API: CORS, by an exact list.
//
// A page that a browser got elsewhere may read an answer only when the answer says so. There are no
// cookies, so nothing is allowed that the page could not do with a key of its own. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/request.h"

namespace yallchat {

// What an answer says of it.
struct Cors {
  std::string_view origin;  // who may read it, as the list has it; empty: it says nothing
  bool preflight = false;   // asked what would be allowed, before the request itself
};
Cors cors_of(const Request& request, const std::vector<std::string>& allowed);

// The lines of the head; none where no origin is allowed.
void write_cors(std::string& out, const Cors& cors);

// Whether a list may have it: scheme://host[:port], as browsers send it. Error: invalid, with why
// not.
Result<void> check_origin(std::string_view text);

// Whether a header's value is what a browser sends as the Origin of a page. Posts of bridges have a
// header of the same name.
bool is_browser_origin(std::string_view value);

}  // namespace yallchat
