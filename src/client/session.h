// ClientSession: one user in one channel of one WeChat server, whatever befalls the connection.
//
// Joins, reads, sends, leaves; retries, makes a lost session anew and resumes where it was. A
// Y'allChat server is read by a stream as long as it gives one, any other server by polls. At most
// one poll and one put are on their way at a time. A put is never doubled: a Y'allChat server knows
// a repeated one by its Idempotency-Key; with any other server an own message whose outcome is
// unknown is looked for in the events, and only sent again, once and with a warning, when it does
// not appear there.
//
// The owner calls turn() when wake_at() has come and after the transport's callbacks. Never throws;
// all that goes wrong is told to the listener or is the end. One thread. The transport, clock,
// random source and listener must outlive it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "client/backoff.h"
#include "client/connection_state.h"
#include "client/cursor.h"
#include "client/outbox.h"
#include "client/reply.h"
#include "client/roster.h"
#include "client/stream_lines.h"
#include "client/superset.h"
#include "client/transport.h"
#include "client/url.h"

namespace yallchat {

// For options.retry: an outage is waited out however long it lasts.
inline constexpr std::chrono::milliseconds retry_for_ever = std::chrono::hours(24 * 365 * 100);

struct SessionOptions {
  ChatUrl url;
  std::string user;  // UTF-8 without control characters
  // The key of an earlier run, or empty. A server that still knows it goes on with that session.
  std::string session;
  // The Idempotency-Key of its joins, the same in each run, or empty: any. A run that ended before
  // it learnt its session's key gets the session all the same, from a Y'allChat server. A secret.
  std::string join_key;
  std::chrono::milliseconds interval{1'000};
  std::chrono::milliseconds retry{60'000};
  Cursor::Start start;
  bool stop_when_caught_up = false;
  bool stream = true;  // where there is one
  // Nothing is read: the session only stays, and asks for the directory each interval. An interval
  // that proves too long for the server is halved.
  bool reads = true;
  // A server that is not there at the first join is waited for like one that is lost.
  bool patient = false;
  // How long a name is waited for that may be held by an earlier session of ours; none: retry.
  std::optional<std::chrono::milliseconds> taken = {};
  // A put whose outcome is unknown is settled here. Otherwise its line is given up, and told by
  // line_unknown.
  bool settles = true;
  struct Search {
    std::string words;
    std::size_t limit = 0;
  };
  std::optional<Search> search;  // instead of reading: searches once, and leaves
};

// A stretch of what was said, complete: what is missing in it is a gap.
struct HistoryStretch {
  std::vector<StreamEvent> events;  // messages and gaps, in their order
  bool oldest = false;              // nothing before it is kept
};

struct Found {
  std::vector<Hit> hits;  // the newest, up to the limit, oldest first
  bool more = false;      // than the limit
  // The newest message that the search knew of, where it was not the newest of all.
  std::optional<Seqnr> known_to;
};

// What happens, in the server's order. Called from within turn() and the transport's callbacks.
class SessionListener {
 public:
  virtual ~SessionListener() = default;
  virtual void here(const std::vector<std::string>& names) = 0;  // once, after the first join
  virtual void message(const Event& event) = 0;
  virtual void changed(const Roster::Change& change) = 0;
  virtual void gap(Seqnr from, Seqnr first) = 0;
  virtual void line_refused(std::uint64_t number, const std::string& why) = 0;
  // The server has the line; seqnr where it told it. The message itself may have come before.
  virtual void acknowledged(std::uint64_t /*number*/, std::optional<Seqnr> /*seqnr*/) {}
  virtual void line_unknown(std::uint64_t /*number*/, const std::string& /*why*/) {}
  // A poll found that all there is was read.
  virtual void nothing_new() {}
  virtual void warning(const std::string& words) = 0;
  virtual void note(const std::string& words) = 0;  // for who wants to know how it is done
  // One of these once, for a search.
  virtual void found(const Found& found) = 0;
  virtual void not_searched(const std::string& why, bool words_are_wrong) = 0;
  // One of these once, for each load_history().
  virtual void history(const HistoryStretch& /*page*/) {}
  virtual void no_history(const std::string& /*why*/) {}
};

struct SessionEnd {
  enum class How {
    left,         // as asked
    unreachable,  // the server could not be reached, at first or for as long as was tried
    refused,      // the name is taken, or the server does not want us
  };
  How how = How::left;
  std::string words;        // empty when left
  bool answered = false;    // the server knows that we have left
  bool name_taken = false;  // that is why it was refused
};

class ClientSession {
 public:
  struct Surroundings {
    Transport& transport;
    const Clock& clock;
    Random& random;
    SessionListener& listener;
  };

  ClientSession(SessionOptions options, Surroundings around);
  ~ClientSession();
  ClientSession(const ClientSession&) = delete;
  ClientSession& operator=(const ClientSession&) = delete;

  void start();
  // Whether send() may be called now.
  bool wants_lines() const;
  // text: UTF-8, not empty. number: the caller's, for line_refused and acknowledged. key: the
  // Idempotency-Key, the one of before for a line that is sent again; empty: a new one.
  void send(std::uint64_t number, std::string text, std::string key = {});
  void send(OutgoingLine line);
  // Beside reading, once at a time: up to so many messages before that one, or else before what is
  // read next.
  void load_history(std::optional<Seqnr> before, std::size_t limit);
  // Beside reading, once at a time: the newest that have these words, of one page.
  void find(const std::string& words, std::size_t limit);
  // No more lines will come: leaves when all are acknowledged and were read back, and the backlog
  // that was asked for was read.
  void finish();
  // Leaves now; what is not yet acknowledged is given up.
  void leave();

  Monotonic wake_at() const;
  void turn();
  const std::optional<SessionEnd>& ended() const { return end_; }
  ConnectionState connection() const;
  // Counts how often reading broke off: behind each break may be another server.
  std::uint64_t breaks() const { return breaks_; }
  // The session's key, which changes when it is made anew; empty before the first join.
  const std::string& key() const { return session_; }
  // Whether the server has said that it speaks the superset.
  bool yallchat() const { return yallchat_; }
  // The newest message when first joined, where the server told it.
  const std::optional<Seqnr>& head() const { return head_; }
  // Who is there, sorted.
  std::vector<std::string> names() const { return roster_.names(); }
  // The numbers of the lines whose fate is open; after the end, of those given up.
  std::vector<std::uint64_t> unacknowledged() const { return outbox_.unacknowledged(); }
  // Of these the one that was put and may have arrived, if any.
  std::optional<std::uint64_t> uncertain() const;

 private:
  enum class Phase { joining, directory, live, leaving, ended };

  // session.cpp
  HttpRequest request(std::string method, const std::string& path) const;
  void end(SessionEnd::How how, std::string words);
  bool draining() const;
  void drain(Monotonic at);
  void begin_leave();
  void outage(const std::string& why);
  std::string gave_up(const std::string& why) const;
  void recovered();
  Monotonic now() const { return around_.clock.monotonic(); }

  // session_join.cpp
  std::string new_join_key();
  void begin_join();
  void on_join(const HttpOutcome& outcome);
  void on_joined(const HttpAnswer& answer, const std::string& session);
  void on_join_failed(const HttpFailure& failure);
  void on_join_refused(const HttpAnswer& answer);
  void on_name_taken();
  void try_saved_session();
  void join_again(const std::string& why, SessionEnd::How otherwise,
                  std::chrono::milliseconds at_least = {});
  void begin_directory(const std::optional<std::vector<std::string>>& from_join);
  void go_live(const std::optional<std::vector<std::string>>& names);
  void lose_session(const std::string& used, const std::string& why);

  // session_poll.cpp
  std::chrono::milliseconds poll_interval() const;
  void begin_poll();
  void begin_stay();
  void on_poll(const HttpOutcome& outcome, const Cursor::Position& asked, const std::string& used);
  void on_events(const HttpAnswer& answer, const Cursor::Position& asked);
  bool take(const Event& event, const HttpAnswer& answer, const Cursor::Position& asked);
  bool take_directory(const std::vector<std::string>& names);
  void show(const Event& event, const Cursor::Taken& taken);
  void on_nothing_new();
  void poll_again_after(const std::string& why, std::chrono::milliseconds at_least = {});

  // session_stream.cpp
  bool wants_stream() const;
  void begin_stream();
  void close_stream();
  void on_stream_part(const HttpAnswer& head, std::string_view part);
  void on_stream_done(const HttpOutcome& outcome, const std::string& used);
  void on_stream_silent();
  void on_stream_live();
  void take(const StreamEvent& event);
  void take_gap(const StreamEvent& event);
  void on_stream_end(const std::string& reason);
  void on_stream_broken(const std::string& why);
  void poll_instead(const std::string& why);

  // session_search.cpp
  void begin_search();
  void on_search(const HttpOutcome& outcome, const std::string& used);
  void on_search_page(SearchPage page);
  void refuse_search(const std::string& why, bool words_are_wrong);

  // session_history.cpp
  void begin_history();
  void on_history(const HttpOutcome& outcome, const std::string& used);
  void on_history_page(HistoryPage page);
  void on_find(const HttpOutcome& outcome, const std::string& used);
  void cancel_pages();

  // session_send.cpp
  void begin_send();
  void on_send(const HttpOutcome& outcome, const std::string& used);
  void on_send_answer(const HttpAnswer& answer, const std::string& used);
  void on_acknowledged(std::optional<Seqnr> seqnr);
  void refuse_line(const std::string& why);
  void give_up_line(const std::string& why);
  void cancel_send();
  void on_outcome_unknown(const std::string& why);
  void settle();
  void send_again_after(const std::string& why, std::chrono::milliseconds at_least = {});

  SessionOptions options_;
  Surroundings around_;
  Phase phase_ = Phase::joining;
  std::optional<SessionEnd> end_;

  std::string session_;    // the key; empty where there is none yet
  bool joined_ = false;    // at least once
  bool saved_ = false;     // the key is of an earlier run, and not tried yet but at a join
  bool yallchat_ = false;  // the server said so: keep-alive, explicit positions, safe repeats
  bool outage_told_ = false;
  std::uint64_t breaks_ = 0;
  Backoff reading_;  // joins and polls, a search too
  Backoff sending_;
  Backoff rejoining_;  // sessions lost in a row
  Backoff taken_;      // a name that may be ours

  Transport::RequestId join_ = 0;  // or directory, or leave: nothing else is on its way then
  std::string join_key_;
  Monotonic join_at_{};
  int first_tries_ = 0;
  bool name_may_be_ours_ = false;  // an earlier join of ours may hold it

  Transport::RequestId poll_ = 0;
  Monotonic poll_at_{};
  Cursor cursor_;
  Roster roster_;
  std::optional<Seqnr> head_;  // when first joined, where the server told it
  bool caught_up_ = false;     // with what was there when joined
  bool streaming_ = false;     // a stream has given events: no polls meanwhile
  int known_in_a_row_ = 0;     // answers that held only what was known already

  Transport::RequestId stream_ = 0;
  Monotonic stream_at_{};  // when the next is tried
  Monotonic stream_began_at_{};
  Monotonic stream_silent_at_{};  // when it counts as dead, if nothing more comes
  StreamLines stream_lines_;
  Backoff stream_tries_;

  struct WantedHistory {
    Seqnr from;    // what is asked for next
    Seqnr before;  // where it ends
    std::size_t limit = 0;
    HistoryStretch page;
  };
  Transport::RequestId history_ = 0;
  WantedHistory wanted_;
  Transport::RequestId find_ = 0;

  Found found_;  // newest first as yet
  std::optional<Seqnr> search_from_;

  Transport::RequestId send_ = 0;
  Monotonic send_at_{};
  Outbox outbox_;
  std::string unknown_why_;     // why the front line's outcome was not known last
  bool settling_ = false;       // it is not known now
  bool settling_poll_ = false;  // the poll on its way began after that
  bool finishing_ = false;
  int polls_without_it_ = 0;

  std::optional<Monotonic> seen_by_;  // when waiting to read back own messages ends
};

}  // namespace yallchat
