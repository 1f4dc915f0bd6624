// Room: what a full screen shows of one channel: what was said, who is there, what the user wants
// said, and how far the user has read.
//
// Knows no terminal, no network and no width. Entries have an id that they keep when some come
// before or behind, so that a view stays where it is; one that is taken out moves those behind it.
// Bounded: limits::screen_entries and screen_bytes (beyond, the oldest go, and can be loaded
// again), screen_own_lines, screen_taken_lines. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "client/connection_state.h"
#include "client/session.h"
#include "wechat/editor.h"
#include "wechat/mention.h"

namespace yallchat::screen {

struct Entry {
  enum class Kind { message, came_or_went, gap, notice, warning };
  Kind kind = Kind::notice;
  std::optional<Seqnr> seqnr = {};
  std::string source = {};              // may be empty, and hold any character
  std::string text = {};                // may hold any character
  std::optional<std::int64_t> at = {};  // ms since 1970, of a message
  bool own = false;
  bool mention = false;
  bool settled = false;  // an own one that the server has taken, and has not given back
};

// What the user wants said, until it is read back.
struct OwnLine {
  enum class State { waiting, taken, failed };
  std::uint64_t number = 0;
  std::string text = {};
  std::string key = {};  // Idempotency-Key, the same on every try
  State state = State::waiting;
  bool passed_on = false;           // to the session
  bool may_be_there = false;        // it was on its way when the session ended
  bool read_back = false;           // though not acknowledged as yet: not shown twice
  std::string why = {};             // it failed
  std::optional<Seqnr> seqnr = {};  // where it was taken, and the server told it
};

// The end of what is seen of a room that is scrolled back.
struct Place {
  std::int64_t entry = 0;  // the id of the last that is seen
  int hidden_rows = 0;     // of it, at its end

  bool operator==(const Place&) const = default;
};

class Room {
 public:
  using Id = std::int64_t;

  Room(std::string channel, std::string server, std::string user, const Mentions& mentions);

  // --- What comes ---
  // Whether the user should be told: a mention by somebody else.
  bool message(const Event& event);
  void changed(const Roster::Change& change);
  void gap(Seqnr from, Seqnr first);
  void notice(std::string words) { add({.kind = Entry::Kind::notice, .text = std::move(words)}); }
  void warning(std::string words) { add({.kind = Entry::Kind::warning, .text = std::move(words)}); }
  // Goes before what is there.
  void history(const HistoryStretch& page);
  // It is not asked for again unless the user wants it.
  void no_history();

  // --- What the user says ---
  bool takes_lines() const;
  void say(std::string text, std::string key);
  // Whether something is neither acknowledged nor refused.
  bool waits() const;
  // The next to give to the session, if any.
  OwnLine* to_pass_on();
  void acknowledged(std::uint64_t number, std::optional<Seqnr> seqnr);
  void failed(std::uint64_t number, const std::string& why);
  // A put of it was left without an answer.
  void may_be_there(std::uint64_t number);
  // The session is gone, and with it all that waited or was on its way.
  void nothing_is_sent(const std::string& why);
  // How many.
  std::size_t send_failed_again();
  std::size_t drop_failed();

  // --- Reading ---
  void come_into_sight();
  void go_out_of_sight();
  // There is no history in which an earlier run's place could be found.
  void forget_earlier() { earlier_read_to_.reset(); }
  // How far was read in an earlier run. The line is there as soon as that is.
  void set_read_to(Seqnr seqnr) { read_to_ = earlier_read_to_ = seqnr; }
  std::optional<Seqnr> read_to() const { return read_to_; }
  std::size_t unread() const { return unread_; }
  std::size_t mentions() const { return mentions_; }
  // The first entry below the line that says how far was read.
  std::optional<Id> read_line() const { return read_line_; }

  // Whether older messages are to be loaded; then not again until they came, or could not. What was
  // loaded first is what is before the oldest() that is here, or else before what is read next.
  bool begin_loading();
  std::optional<Seqnr> oldest() const;
  std::optional<Seqnr> newest() const { return newest_; }
  void want_older() { older_failed_ = false; }
  bool loading() const { return loading_; }
  bool oldest_is_here() const { return oldest_is_here_; }
  bool full() const;

  Id first() const { return first_; }
  Id end() const { return first_ + static_cast<Id>(entries_.size()); }
  const Entry& entry(Id id) const { return entries_[static_cast<std::size_t>(id - first_)]; }
  const std::deque<OwnLine>& own_lines() const { return own_; }

  // --- What the owner sets and the layout shows ---
  const std::string& channel() const { return channel_; }
  const std::string& server() const { return server_; }
  const std::string& user() const { return user_; }
  std::vector<std::string> names;
  ConnectionState connection;
  std::optional<Place> place;  // none: at the end, following what comes
  Editor editor;

 private:
  void add(Entry entry);
  Entry message_entry(const Event& event) const;
  void drop_oldest();
  void erase(Id id);
  bool take_off_settled(const Event& event);
  void take_off_own(const Event& event);
  void settle(const OwnLine& line);
  void settle_before(const Event& event);
  void settle_most();
  bool was_shown(Seqnr seqnr) const;
  void count_unread(const Entry& entry);
  void draw_read_line();

  std::string channel_;
  std::string server_;
  std::string user_;
  const Mentions& mentions_in_;

  std::deque<Entry> entries_;
  Id first_ = 0;
  std::size_t bytes_ = 0;
  bool loading_ = false;
  bool older_failed_ = false;
  bool oldest_is_here_ = false;

  std::deque<OwnLine> own_;
  std::uint64_t last_number_ = 0;

  bool in_sight_ = false;
  std::size_t unread_ = 0;
  std::size_t mentions_ = 0;
  std::optional<Id> read_line_;
  std::optional<Seqnr> newest_;
  std::optional<Seqnr> read_to_;
  std::optional<Seqnr> earlier_read_to_;  // until the line is drawn behind it
};

}  // namespace yallchat::screen
