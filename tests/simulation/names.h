// The names that simulated clients bear: a few that are one though they look different, some that
// look alike and are two, and as many plain ones as a crowd needs.
//
// Made once a process, for the keys of names are costly. One thread.
#pragma once

#include "protocol/names.h"

namespace yallchat::simulation {

const UserName& user_name(std::size_t number);
const UserName& auditor_name(std::size_t number);
const ChannelName& channel_name(std::size_t number);

}  // namespace yallchat::simulation
