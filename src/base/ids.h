// Strong integer ids: a sequence number is not a log position, and the compiler knows it.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace yallchat {

template <class Tag>
struct Id {
  std::uint64_t value = 0;

  constexpr Id() = default;
  constexpr explicit Id(std::uint64_t v) : value(v) {}
  constexpr auto operator<=>(const Id&) const = default;
  constexpr Id next() const { return Id(value + 1); }
};

// A message's number in its channel: the first is 1, then +1 a message, for ever. 0 is "none yet".
using Seqnr = Id<struct SeqnrTag>;
// An entry's position in the log of its partition: the first is 1, gapless. 0 is "nothing yet".
using Index = Id<struct IndexTag>;
// The count of ticks in the log: the machine's only time, about one a second while there are
// sessions.
using Tick = Id<struct TickTag>;
// A channel's and a session's number, given by the machine in the order of creation, never reused.
using ChannelId = Id<struct ChannelIdTag>;
using SessionId = Id<struct SessionIdTag>;

}  // namespace yallchat

template <class Tag>
struct std::hash<yallchat::Id<Tag>> {
  std::size_t operator()(yallchat::Id<Tag> id) const noexcept {
    // Ids are small consecutive numbers; the multiplication spreads them over the buckets.
    return static_cast<std::size_t>(id.value * 0x9E3779B97F4A7C15ULL);
  }
};
