// A directory as it is sent: its JSON and the version that tells it from others of the channel.
#pragma once

#include <cstdint>

#include "hub/frames.h"

namespace yallchat {

struct Directory {
  std::uint64_t version = 0;
  TextPtr json;
};

}  // namespace yallchat
