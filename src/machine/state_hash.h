// The running hash of all that was applied: equal on every server at equal positions, or one of
// them erred.
//
// Over decoded values, not wire bytes: the encoding of an entry may differ between versions, what
// it means may not. XXH3 is no defence against forgery; it finds divergence.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/ids.h"
#include "machine/outcome.h"
#include "protocol/command.h"

namespace yallchat {

std::uint64_t next_state_hash(std::uint64_t previous, Index index, const Command& command,
                              const Outcome& outcome);

}  // namespace yallchat
