// Which partition of the log a channel belongs to. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace yallchat {

// XXH64 of the channel's key (ChannelName::key) with seed 0, modulo the number of partitions, which
// is at least 1. Part of the protocol between servers: it never changes.
std::uint32_t partition_of(std::string_view channel_key, std::uint32_t partitions);

}  // namespace yallchat
