// Hops: by which servers a message came, in its author's name and in its origin.
//
// A server has a label. ringo of the server a is ringo@a on b, and ringo@a@b on a third one that
// has it from b. Where a name cannot be had, it stands before the text: "<ringo@a> hello". Towards
// servers that keep it, the header origin says the same with channels and numbers:
// "a/octopus/83,b/octopus/7". Pure functions; any thread; what cannot be read has no hops.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace yallchat {

struct Speaker {
  std::string author;             // the name on the server where it was said
  std::vector<std::string> hops;  // labels, that server's first; empty: said here

  // "ringo@a@b" is ringo by a and b, "x@@a" is "x@" by a: what is behind an empty part.
  static Speaker of(std::string_view name);
  std::string name() const;
  // As seen from the server after that with the label.
  Speaker by(const std::string& label) const;

  bool operator==(const Speaker&) const = default;
};

struct Prefixed {
  std::string name;
  std::string text;
};

std::string with_prefix(const std::string& name, const std::string& text);
std::optional<Prefixed> read_prefix(std::string_view text);

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
std::string_view first_hop(std::string_view origin);
// The labels of all hops.
std::vector<std::string> labels_of(std::string_view origin);
// With one more hop at its end; where that would be too long for a server, the first alone stays.
std::string with_hop(const std::string& origin, const std::string& hop);

}  // namespace yallchat
