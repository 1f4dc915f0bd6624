// Labels: the short names of servers, which stand behind the names of their users elsewhere.
//
// All bridges between the same servers must use the same ones: by them each knows what has come
// already. Pure functions; any thread.
#pragma once

#include <string>

#include "base/result.h"
#include "client/url.h"

namespace yallchat {

// The host, with the port unless it is the usual one of its scheme; what a name may not have is
// "-". It may be longer than a label may be.
std::string default_label(const ServerUrl& server);

// Whether people would take them for one: as with names, case does not count.
bool same_label(const std::string& one, const std::string& other);

// Error: invalid, and why.
Result<void> check_label(const std::string& label);

}  // namespace yallchat
