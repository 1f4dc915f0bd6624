// Which session a key opens, and the failures of those whom the machine or this refuses; the same
// by HTTP and over a WebSocket. Pure; the loop's thread only.
#pragma once

#include <string_view>
#include <variant>

#include "http/answer.h"
#include "machine/machine.h"

namespace yallchat {

// The session of the key in that channel. No key, a malformed, an unknown, an expired one: one
// failure, by one path. Then the channel must be there, and the session's.
std::variant<const Session*, Failure> find_session(const Machine& machine, std::string_view key,
                                                   const ChannelName& channel);

// The failure of a command that was refused.
Failure failure_of(Refusal refusal);
Failure no_channel();
Failure too_many_streams();

}  // namespace yallchat
