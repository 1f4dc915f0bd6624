// Checkpoint: how far a bridge has carried one channel to one other, as a text of a few lines.
//
//   yallchat-bridge-link 1
//   from http://127.0.0.1:8000/chats/octopus
//   to http://127.0.0.1:8001/chats/octopus
//   life 0                      how often the channel has begun to count again
//   done 83 c0ffee...           the last message carried, and the digest of it, or -
//   said 2026-01-02T03:04:05.678Z  when that was said, as its server wrote it, or -
//   since -                     what was said by then was said before the channel counted again
//   flight 84 97 ringo%40a c0ffee...
//   end
//
// flight is there while a put is under way: its message, the last one seen on the other side
// before, the name under which it is put and the digest of what is put. A version that is not known
// and a text that ends early are errors, never guessed at. Saved sessions have the same form. Pure
// functions; any thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace yallchat {

struct Checkpoint {
  struct Flight {
    Seqnr seqnr;  // where it was said
    Seqnr after;  // on the other side: what was seen before the put
    std::string name;
    std::string digest;  // of name and text as they are put

    bool operator==(const Flight&) const = default;
  };
  std::string from;  // the chats' addresses
  std::string to;
  std::uint64_t life = 0;
  std::optional<Seqnr> done;  // none: it has not begun
  std::string digest;         // of that message; empty: it was not seen
  std::string said;           // when it was said, where a Y'allChat server tells it; else empty
  std::string since;          // what was said no later belongs to an earlier life; empty: nothing
  std::optional<Flight> flight;

  bool operator==(const Checkpoint&) const = default;
};

std::string write_checkpoint(const Checkpoint& checkpoint);
// Error: damaged or unsupported.
Result<Checkpoint> read_checkpoint(std::string_view text);

// The keys of the sessions in one chat, to take them up again.
struct SavedSessions {
  std::string chat;
  std::string own;                          // the bridge's own name; empty: none
  std::map<std::string, std::string> keys;  // by user, the own one too

  bool operator==(const SavedSessions&) const = default;
};

// The channels that a server listed at first: what it lists later is new, to the sides that there
// were then.
struct FirstList {
  std::string server;
  std::string sides;               // a digest
  std::set<std::string> channels;  // digests of their keys

  bool operator==(const FirstList&) const = default;
};

std::string write_first_list(const FirstList& list);
Result<FirstList> read_first_list(std::string_view text);

std::string write_sessions(const SavedSessions& sessions);
Result<SavedSessions> read_sessions(std::string_view text);

}  // namespace yallchat
