// The wire form of commands (command.proto), to and from values.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "protocol/command.h"

namespace yallchat {

// The version of the wire form that this server writes, and the newest that it reads.
inline constexpr std::uint32_t wire_version = 1;

// One entry of the log. The commands are in the order in which they will be applied.
std::string encode_entry(std::span<const Command> commands);

// Error: unsupported (a newer version or an unknown field), damaged (anything else that does not
// read).
Result<std::vector<Command>> decode_entry(std::string_view bytes);

}  // namespace yallchat
