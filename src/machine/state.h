// The machine's state as others may read it: channels with their directories, and sessions.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "protocol/command.h"

namespace yallchat {

struct Session {
  SessionId id;
  ChannelId channel;
  UserName user;
  KeyHash key{};
  std::optional<Token> token;  // of the Idempotency-Key of its join
  bool used = false;           // a request with its key has been seen
  Tick active;                 // when it was last seen, as far as the log knows
  Seqnr cursor{1};             // the next message of a plain poll, as far as the log knows
  std::uint64_t seen_directory = 0;
  std::vector<Seqnr> used_positions;
};

// A post that may be repeated: what it was answered.
struct KeyedPost {
  Token token{};
  Token digest{};
  Seqnr seqnr;
  Tick at;
};

struct Channel {
  ChannelId id;
  ChannelName name;
  Seqnr head;      // of the last message; 0: none yet
  Seqnr first{1};  // of the oldest message kept; head + 1 when there is none
  std::int64_t last_time_ms = 0;
  std::uint64_t directory_version = 0;       // +1 a change, from 1
  std::map<std::string, SessionId> members;  // by the user's key
  // Holders by confusable skeleton; several only when all are ASCII (names.h).
  std::unordered_multimap<std::string, SessionId> skeletons;
  // The latest keyed posts, oldest first; the first has the ordinal keyed_from.
  std::deque<KeyedPost> keyed;
  std::uint64_t keyed_from = 0;
  std::map<Token, std::uint64_t> keyed_by_token;  // to the ordinal
  // Which ordinals StateRows has handed to the store: [from, to).
  std::uint64_t keyed_stored_from = 0;
  std::uint64_t keyed_stored_to = 0;

  std::uint64_t keyed_to() const { return keyed_from + keyed.size(); }
};

}  // namespace yallchat
