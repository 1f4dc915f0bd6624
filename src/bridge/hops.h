// Hops: the names that bridges have and give: their own, and what stands for a server and a message
// in the header origin (see protocol/said.h).
//
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace yallchat {

// Whether it is the name of a bridge itself: own, own-2, own-3, ...
bool is_own_name(std::string_view name, std::string_view own);
// The first is own, the second own-2.
std::string own_name(const std::string& own, std::size_t number);

// A channel's name, the same for all spellings that servers take for one channel.
std::string channel_key(const std::string& channel);

// One hop of an origin. channel: its key. life: how often the channel has begun to count again, as
// far as the bridge knows: its messages are others then, under the same numbers.
std::string hop(const std::string& label, const std::string& channel, std::uint64_t life,
                Seqnr seqnr);
// With one more hop at its end; where that would be too long for a server, the first alone stays.
std::string with_hop(const std::string& origin, const std::string& hop);

}  // namespace yallchat
