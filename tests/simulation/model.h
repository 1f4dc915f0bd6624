// What the chat must look like, worked out from what was told, by other means than the machine's.
//
// It is fed each effect once, the first time that any process applied its entry, and outlives all
// processes. Each effect is checked when it comes: seqnr gapless, one holder of a name, nobody
// active expires. Used by the checker; one thread.
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "machine/machine.h"
#include "simulation/trace.h"

namespace yallchat::simulation {

class Model {
 public:
  explicit Model(Trace& trace) : trace_(trace) {}

  struct Member {
    ChannelId channel;
    UserName user;
    KeyHash key{};
    Monotonic last_request{};
    // Of which append was the next one when it came, and the last request before that append.
    std::uint64_t appends = 0;
    Monotonic request_before{};
    bool used = false;
  };
  // Who came or went.
  struct Change {
    Seqnr head;  // the last message before it
    bool joined;
    std::string user;
    std::string_view reason;   // for going
    std::uint64_t digest = 0;  // of the directory after it
  };
  struct Room {
    ChannelId id;
    std::string key;
    std::string name;
    std::vector<MessagePtr> messages;  // all that ever were, [0] is message 1
    Seqnr first{1};
    std::map<std::string, SessionId> by_text;  // sorted as a directory is
    std::map<std::string, SessionId> by_key;
    std::vector<SessionId> not_ascii;
    std::vector<Change> changes;  // of the directory, all that ever were

    Seqnr head() const { return Seqnr(messages.size()); }
    std::uint64_t version() const { return changes.size(); }
    std::vector<std::string> directory() const;
    // Of the directory at that version; each has its own, whatever the order of its names.
    std::uint64_t digest(std::uint64_t version) const {
      return version == 0 ? 0 : changes[version - 1].digest;
    }
    void changed(bool joined, const std::string& user, std::string_view reason);
  };
  // Of the names in quotes; none has a quote in it.
  static std::uint64_t digest_of_names(std::string_view list);

  // machine: as it is after the command.
  void apply(const Effects& effects, const Machine& machine, Monotonic now);
  // The same entry again, in a later life.
  void compare(const Effects& effects) const;
  // All that can be seen from outside.
  void compare(const Machine& machine) const;

  // An entry is on its way: who expires by it was idle now, whatever is asked before it comes.
  void note_append(Monotonic now);
  // The session made a request that was let in.
  void note_request(SessionId session, Monotonic now);

  const Member* member(SessionId id) const;
  // Why a session is over; none: it is not.
  std::optional<Departure> ended(SessionId id) const;
  const Room* room(ChannelId id) const;
  const Room* room(const std::string& key) const;
  // Also when it is forgotten.
  const Room* room_ever(ChannelId id) const;
  // Who keeps the name from being held by another.
  std::optional<SessionId> holder(const Room& room, const UserName& user) const;
  const std::map<ChannelId, Room>& rooms() const { return rooms_; }
  std::size_t members() const { return members_.size(); }

 private:
  void joined(const effect::Joined& effect, const Machine& machine, Monotonic now);
  void departed(const effect::Departed& effect, const Machine& machine);
  void posted(const effect::Posted& effect);
  void floor_raised(const effect::FloorRaised& effect, const Machine& machine);
  void forgotten(const effect::Forgotten& effect);
  Room& known_room(ChannelId id);

  Trace& trace_;
  std::map<ChannelId, Room> rooms_;
  std::map<ChannelId, Room> forgotten_;
  std::unordered_map<std::string, ChannelId> by_key_;
  std::unordered_map<SessionId, Member> members_;
  std::unordered_map<SessionId, Departure> ended_;
  SessionId last_session_;
  ChannelId last_channel_;
  std::uint64_t appends_ = 0;
  Monotonic appended_at_{};  // the last of them
};

}  // namespace yallchat::simulation
