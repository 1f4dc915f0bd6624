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
#include <unordered_set>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "hub/directory.h"
#include "hub/history.h"
#include "hub/streams.h"
#include "replica/replica.h"

namespace yallchat {

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
// What was asked for as a batch.
struct Batch {
  std::optional<Directory> directory;  // when it is newer than the one that was seen
  std::string channel;
  Seqnr from;                      // what it begins at
  std::vector<HistoryItem> items;  // consecutive, the oldest kept first; a null one is damaged
  Seqnr next;                      // where the next batch begins, if all of this one is given
};
struct SessionOver {};
struct TooMany {};  // of this session wait already

using Answer = std::variant<Nothing, Event, Directory, Damaged, Batch, SessionOver, TooMany>;

}  // namespace poll

// Where a request wants to read from.
struct Position {
  std::optional<Seqnr>
      every_time;             // header seqnr or from=: puts the cursor there whenever it is given
  std::optional<Seqnr> once;  // of the path: only the first time that the session uses it
};

// A poll.
struct Ask {
  Position position;
  std::int64_t wait_ms = 0;               // for something to come, if there is nothing
  std::optional<std::size_t> batch = {};  // so many messages at most
};

class Hub final : public Replica::Listener {
 public:
  using Answer = std::function<void(const poll::Answer&)>;

  // Before the replica recovers: the hub must see every message that the store does not have yet.
  Hub(Replica& replica, Store& store, const Clock& clock, History::PostToLoop post_to_loop);

  // A request of the session came: it is alive, and may have asked for a position.
  void note_request(const Session& session, const Position& position = {});

  // Answers with the next event of the session; now or later, once. After an answer that is an
  // event, a directory, damaged or a batch, delivered() must follow; until then the session's next
  // poll waits. One that waits for something to come makes room for the session's next, and is
  // answered nothing.
  void poll(const Session& session, const Ask& ask, Answer answer);
  // sent: the answer was written to the connection; only then the cursor moves. next: of a batch
  // that was not given as a whole, where the next one begins.
  void delivered(SessionId session, bool sent, std::optional<Seqnr> next = {});

  // What the next poll would give, without giving it (HEAD).
  void peek(const Session& session, Answer answer);

  // The directory now. Does not count as seen.
  Directory directory(const Channel& channel);
  // The session has been given this version.
  void saw_directory(const Session& session, std::uint64_t version);

  // The messages of all channels, for whoever reads without a cursor.
  History& history() { return history_; }

  // The streams. They keep their session alive.
  Streams::StreamPtr open_stream(const Session& session, Streams::Options options,
                                 Streams::Sink& sink);
  void close_stream(const Streams::StreamPtr& stream, SessionId session);
  Streams& streams() { return streams_; }
  const Streams& streams() const { return streams_; }

  // Sends due touches, ends long polls, lets go of what is stored. Every turn of the loop, before
  // the replica's.
  void turn();

  // The server stops: streams are given their end, waiting polls what there is, and so are those
  // that come from now on.
  void stop();
  // For a clean stop: every session's exact cursor goes to the log.
  void save_cursors();

 private:
  struct Waiting {
    Ask ask;
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
    Monotonic touch_at{};    // where
    Monotonic last_touch{};
    bool busy = false;  // a poll is being answered, with `giving` once that is known
    poll::Answer giving;
    std::deque<Waiting> waiting;
    std::optional<Waiting> parked;  // the poll that is being answered waits for something to come
    Monotonic parked_until{};
  };

  void on_effects(Index index, const Effects& effects) override;
  Reader& reader(const Session& session);
  Reader* find_reader(SessionId session);
  void move_to(Reader& reader, const Position& position) const;
  void note_activity(const Session& session, Reader& reader);
  void serve(SessionId session, const Ask& ask, Answer answer);
  void look(SessionId session, const Ask& ask, Answer answer);
  void next_event(const Session& session, const Reader& reader, Answer answer);
  void next_batch(const Session& session, const Reader& reader, std::size_t limit, Answer answer);
  void park(SessionId session, const Ask& ask, Answer answer);
  void unpark(SessionId session);
  void unpark_all(ChannelId channel);
  void unpark_due(Monotonic now);
  void forget_parked(SessionId session, const Reader& reader, ChannelId channel);
  bool is_in_use(SessionId id, const Reader& reader) const;
  void not_found(SessionId session, Seqnr seqnr, const Answer& answer);
  void give(SessionId session, const poll::Answer& answer, const Answer& to);
  static void see(Reader& reader, const poll::Batch& batch, Seqnr next);
  void serve_next(SessionId session);
  void end(SessionId session, ChannelId channel);
  void touch(SessionId id, Reader& reader);
  void touch_when_due(SessionId id, Reader& reader);
  void touch_at(Monotonic at, SessionId id, Reader& reader);
  Monotonic touch_interval() const;

  Replica& replica_;
  const Clock& clock_;
  History history_;
  Streams streams_;
  std::unordered_map<SessionId, Reader> readers_;
  std::unordered_map<ChannelId, Directory> directories_;  // as encoded last
  std::map<Monotonic, std::vector<SessionId>> touches_;   // when whom
  // Who is parked: for news of what, and until when. No other session is in there.
  std::unordered_map<ChannelId, std::unordered_set<SessionId>> parked_;
  std::map<Monotonic, std::unordered_set<SessionId>> parked_until_;
  bool stopping_ = false;
};

}  // namespace yallchat
