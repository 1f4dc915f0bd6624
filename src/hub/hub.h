// The hub: what each session has read, and what it gets next.
//
// The log decides what was said; the hub knows who has been given it. It keeps, for each session,
// the cursor of its plain polls, the directory that it has seen and when it was last active, and
// tells the log of them now and then (Touch). Polls of one session are served one at a time, in the
// order in which they came; the cursor moves when an answer has been written.
//
// Owner: the server's wiring. The loop's thread only.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "hub/history.h"
#include "replica/replica.h"

namespace yallchat {

using TextPtr = std::shared_ptr<const std::string>;

// A directory as it is sent: its JSON and the version that tells it from others of the channel.
struct Directory {
  std::uint64_t version = 0;
  TextPtr json;
};

// What a poll comes to.
namespace poll {

struct Nothing {};
struct Event {
  MessagePtr message;
  std::optional<Seqnr> first_kept;  // set when what was asked for is older than this, and gone
};
struct Damaged {
  Seqnr seqnr;
};
struct SessionOver {};
struct TooMany {};  // of this session wait already

using Answer = std::variant<Nothing, Event, Directory, Damaged, SessionOver, TooMany>;

}  // namespace poll

// Where a request wants to read from.
struct Position {
  std::optional<Seqnr>
      every_time;             // header seqnr or from=: puts the cursor there whenever it is given
  std::optional<Seqnr> once;  // of the path: only the first time that the session uses it
};

class Hub final : public Replica::Listener {
 public:
  using Answer = std::function<void(const poll::Answer&)>;

  // Before the replica recovers: the hub must see every message that the store does not have yet.
  Hub(Replica& replica, Store& store, const Clock& clock, History::PostToLoop post_to_loop);

  // A request of the session came: it is alive, and may have asked for a position.
  void note_request(const Session& session, const Position& position = {});

  // Answers with the next event of the session; now or later, once. After an answer that is an
  // event, a directory or damaged, delivered() must follow; until then the session's next poll
  // waits.
  void poll(const Session& session, const Position& position, Answer answer);
  // sent: the answer was written to the connection; only then the cursor moves.
  void delivered(SessionId session, bool sent);

  // What the next poll would give, without giving it (HEAD).
  void peek(const Session& session, Answer answer);

  // The directory now. Does not count as seen.
  Directory directory(const Channel& channel);
  // The session has been given this version.
  void saw_directory(const Session& session, std::uint64_t version);

  // The messages of all channels, for whoever reads without a cursor.
  History& history() { return history_; }

  // Sends due touches, lets go of what is stored. Every turn of the loop, before the replica's.
  void turn();

  // For a clean stop: every session's exact cursor goes to the log.
  void save_cursors();

 private:
  struct Waiting {
    Position position;
    Answer answer;
  };
  // What the hub knows of a session beyond what the log does.
  struct Reader {
    Seqnr cursor;
    std::uint64_t seen_directory;
    std::vector<Seqnr> used_positions;
    Tick active;
    bool used;
    bool touch_due = false;  // is in the calendar
    Monotonic last_touch{};
    bool busy = false;  // a poll is being answered, with `giving` once that is known
    poll::Answer giving;
    std::deque<Waiting> waiting;
  };

  void on_effects(Index index, const Effects& effects) override;
  Reader& reader(const Session& session);
  Reader* find_reader(SessionId session);
  void move_to(Reader& reader, const Position& position) const;
  void note_activity(const Session& session, Reader& reader);
  void serve(SessionId session, const Position& position, Answer answer);
  void next_event(const Session& session, const Reader& reader, Answer answer);
  void not_found(SessionId session, Seqnr seqnr, const Answer& answer);
  void give(SessionId session, const poll::Answer& answer, const Answer& to);
  void serve_next(SessionId session);
  void end(SessionId session);
  void touch(SessionId id, Reader& reader);
  void touch_when_due(SessionId id, Reader& reader);
  void touch_at(Monotonic at, SessionId id, Reader& reader);
  Monotonic touch_interval() const;

  Replica& replica_;
  const Clock& clock_;
  History history_;
  std::unordered_map<SessionId, Reader> readers_;
  std::unordered_map<ChannelId, Directory> directories_;  // as encoded last
  std::map<Monotonic, std::vector<SessionId>> touches_;   // when whom
};

}  // namespace yallchat
