// The machine: all the chat's rules, and nothing else.
//
// A deterministic state machine over the commands of one partition's log. Its only time is the
// count of ticks; it has no clock, no randomness, no I/O, no Unicode tables, and no order that
// depends on a hash table is ever visible outside. Two machines that applied the same entries are
// equal.
//
// Owner: the replica. Used on the replica's thread only. Commands are valid by construction (front
// ends validate); a command that refers to what is no longer there is refused, never an error.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/ids.h"
#include "machine/effects.h"
#include "machine/expiry.h"
#include "machine/outcome.h"
#include "machine/state.h"
#include "protocol/command.h"

namespace yallchat {

class StateRows;

class Machine {
 public:
  // Applies one command of the entry at index, and appends what it did to effects, in order.
  Outcome apply(Index index, const Command& command, Effects& effects);

  // --- What anyone on this thread may read ---
  Tick now() const { return now_; }
  const Settings& settings() const { return settings_; }
  std::uint64_t state_hash() const { return state_hash_; }
  std::size_t channel_count() const { return channels_.size(); }
  std::size_t session_count() const { return sessions_.size(); }
  const Channel* find_channel(std::string_view key) const;
  const Channel* find_channel(ChannelId id) const;
  const Session* find_session(const KeyHash& key) const;
  const Session* find_session(SessionId id) const;
  // The names in a channel, sorted by their UTF-8 bytes.
  std::vector<std::string> directory(const Channel& channel) const;
  // Every session's, every channel's id, ascending.
  std::vector<SessionId> session_ids() const;
  std::vector<ChannelId> channel_ids() const;

 private:
  friend class StateRows;  // saves and loads all of it

  Outcome apply(const Join&, Effects&);
  Outcome apply(const Leave&, Effects&);
  Outcome apply(const Post&, Effects&);
  Outcome apply(const Touch&, Effects&);
  Outcome apply(const Advance&, Effects&);
  Outcome apply(const Settings&, Effects&);
  Outcome apply(const Recover&, Effects&);
  Outcome apply(const Trim&, Effects&);
  Outcome apply(const Kick&, Effects&);

  const Session* holder_of(const Channel& channel, const UserName& user) const;
  Channel& open_channel(const ChannelName& name);
  SessionId admit(Channel& channel, const Join& join);
  void end_session(SessionId id, Departure why, Effects& effects);
  void forget_if_unused(Channel& channel, Effects& effects);
  void trim_history(Channel& channel, Effects& effects);
  void raise_floor(Channel& channel, Seqnr first, Effects& effects);
  void remember(Channel& channel, const Post::Keyed& keyed, Seqnr seqnr);
  void drop_oldest_keyed(Channel& channel);
  Tick active(const Session& session) const { return std::max(session.active, all_active_); }
  Tick expiry(const Session& session) const;
  // Rebuilds what follows from the state. False when a session refers to no channel.
  bool derive();

  // --- The state: saved by StateRows, the same on every server ---
  Settings settings_;
  Tick now_;
  Tick all_active_;  // no session counts as idle for longer than since this tick (Recover)
  std::uint64_t state_hash_ = 0;
  std::uint32_t version_ = 0;  // of the rows it was loaded from
  ChannelId last_channel_;
  SessionId last_session_;
  std::unordered_map<ChannelId, Channel> channels_;
  std::unordered_map<SessionId, Session> sessions_;

  // --- Derived from it ---
  struct Bytes {  // lookups by string_view make no string
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  std::unordered_map<std::string, ChannelId, Bytes, std::equal_to<>> channel_by_key_;
  std::unordered_map<KeyHash, SessionId> session_by_key_;
  Expiry expiry_;
  std::uint64_t keyed_beyond_floor_ =
      0;  // keyed posts beyond the guaranteed number, of all channels

  // --- Changed since StateRows took the rows last ---
  std::unordered_set<ChannelId> changed_channels_;
  std::unordered_set<SessionId> changed_sessions_;
};

}  // namespace yallchat
