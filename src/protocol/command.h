// Commands: everything that can change the state of a partition, as values.
//
// A front end parses, validates and keys a request into a command; the log orders it; the machine
// decides it. What is in a command is all that the decision may depend on: name keys are computed
// before, by the front end, so that the machine compares bytes and needs no Unicode tables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "protocol/names.h"
#include "protocol/session_key.h"

namespace yallchat {

// A user enters a channel, which is made when it is not there.
struct Join {
  ChannelName channel;
  UserName user;
  KeyHash key{};  // SHA-256 of the new session's key
  std::optional<Token>
      token;  // of the Idempotency-Key: the same join again while its session is unused
  std::optional<Seqnr> position;       // where the cursor starts; none: after HEAD
  std::optional<Seqnr> used_position;  // a position of the path, which a session uses once

  bool operator==(const Join&) const = default;
};

// A user goes.
struct Leave {
  SessionId session;

  bool operator==(const Leave&) const = default;
};

// A message.
struct Post {
  SessionId session;
  std::string body;
  std::int64_t time_ms = 0;  // the proposer's wall clock, a label
  // Of the Idempotency-Key, and what tells another body under the same key.
  struct Keyed {
    Token token;
    Token digest;
    bool operator==(const Keyed&) const = default;
  };
  std::optional<Keyed> keyed;
  std::string origin;

  bool operator==(const Post&) const = default;
};

// What a node knows of a session that is not decided by the log: that it lives, and how far it has
// read.
struct Touch {
  SessionId session;
  Tick active;                        // the count of ticks when its last request came
  Seqnr cursor;                       // the next message that a plain poll gives
  std::uint64_t seen_directory = 0;   // the version of the directory that it was given last
  std::vector<Seqnr> used_positions;  // positions of the path that it has used, oldest first

  bool operator==(const Touch&) const = default;
};

// About a second has passed. Advances the count of ticks by one, if it is still `from`.
struct Advance {
  Tick from;

  bool operator==(const Advance&) const = default;
};

// The settings that decide outcomes. Flags and files only propose them.
struct Settings {
  std::uint64_t session_timeout_ticks = 60;
  std::uint64_t max_channels = 0;  // 0: no limit
  std::uint64_t max_sessions = 0;  // 0: no limit
  // What is kept of a channel; 0: all. The count is the machine's to keep. Age and size need a
  // clock and the store, so nodes look after them, and propose a Trim.
  std::uint64_t history = 0;         // messages
  std::uint64_t history_age_ms = 0;  // since they were said
  std::uint64_t history_bytes = 0;   // of messages as they are stored

  bool operator==(const Settings&) const = default;
};

// A server came up: what it knew of its sessions' activity may be lost, so all of them count as
// active now.
struct Recover {
  bool operator==(const Recover&) const = default;
};

// The messages of a channel before `first` are older, or more, than the settings allow. The last
// limits::history_floor stay, whatever was proposed.
struct Trim {
  ChannelId channel;
  Seqnr first;

  bool operator==(const Trim&) const = default;
};

// An operator ends the session that holds a name. It may join again.
struct Kick {
  std::string channel;  // the keys of the names
  std::string user;

  bool operator==(const Kick&) const = default;
};

// The state's hash has the place of a kind here: new ones come last.
using Command = std::variant<Join, Leave, Post, Touch, Advance, Settings, Recover, Trim, Kick>;

// About what a command takes in an entry and in memory, for the bounds.
std::size_t size_of(const Command& command);

}  // namespace yallchat
