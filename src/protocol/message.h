// A message as the log decided it: what the hub hands out and the store keeps.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/ids.h"

namespace yallchat {

struct Message {
  ChannelId channel;
  Seqnr seqnr;
  std::int64_t time_ms =
      0;  // since 1970, of the proposer's clock, monotonic in the channel; only a label
  std::string source;  // the user's name, NFC UTF-8
  std::string body;    // UTF-8, no NUL, not empty
  std::string origin;  // the hops of a bridged message, or empty

  // What this costs in memory, about: for the bounds of hub and store.
  std::size_t bytes() const {
    return sizeof(Message) + source.capacity() + body.capacity() + origin.capacity();
  }
  bool operator==(const Message&) const = default;
};

// Made once by the machine's effects, then shared and never changed.
using MessagePtr = std::shared_ptr<const Message>;

}  // namespace yallchat
