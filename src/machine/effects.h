// What applying a command did, in order: for the hub, which tells readers, and for the store.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "protocol/message.h"

namespace yallchat {

enum class Departure { left, expired, replaced, kicked };

constexpr std::string_view word_for(Departure why) {
  switch (why) {
    case Departure::left: return "left";
    case Departure::expired: return "expired";
    case Departure::replaced: return "replaced";
    case Departure::kicked: return "kicked";
  }
  return "";
}

namespace effect {

struct Posted {
  MessagePtr message;
};
struct Joined {
  ChannelId channel;
  SessionId session;
  std::string user;
};
// The session is over. replaced: another session holds the same name on, so the directory may be
// unchanged.
struct Departed {
  ChannelId channel;
  SessionId session;
  std::string user;
  Departure why;
};
// Messages before first are no longer kept.
struct FloorRaised {
  ChannelId channel;
  Seqnr first;
};
// The channel is gone, with everything that was in it.
struct Forgotten {
  ChannelId channel;
};

}  // namespace effect

using Effect = std::variant<effect::Posted, effect::Joined, effect::Departed, effect::FloorRaised,
                            effect::Forgotten>;
using Effects = std::vector<Effect>;

}  // namespace yallchat
