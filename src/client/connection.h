// Connection: how a session stands with its server at the moment, for people to see.
#pragma once

#include <optional>

#include "base/clock.h"

namespace yallchat {

struct Connection {
  enum class State {
    connecting,  // asked, not yet answered
    streaming,   // what is said comes at once
    polling,     // the server is asked every now and then
    waiting,     // it could not be reached, and is tried again at again_at
    ended,       // there is no session, and none will come by itself
  };
  State state = State::connecting;
  std::optional<Monotonic> again_at = {};

  bool operator==(const Connection&) const = default;
};

}  // namespace yallchat
