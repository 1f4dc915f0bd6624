// Cursor: where a reader stands in a channel, how the next poll says so, and what of the answer is
// new.
//
// A Y'allChat server is asked for an explicit seqnr each time: a lost answer is asked for again,
// and nothing is lost or doubled. Any other server keeps the place itself, in the session; it is
// told one only where the reader must be moved (a backlog, a new session after a lost one), by
// /N/events or, where that is refused, the header seqnr, until it has nothing more. Repetitions are
// known by seqnr, sender and text together: by seqnr alone, a server that lost its data and counts
// from 1 again would fall silent. No I/O; one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_set>

#include "base/ids.h"
#include "client/reply.h"

namespace yallchat {

class Cursor {
 public:
  struct Start {
    std::optional<Seqnr> from;  // the first message wanted; none: what comes after the join
    bool oldest_kept = false;   // from the oldest there is: what is no longer kept is not missed
  };
  struct Position {
    enum class Form { plain, path, header };
    Form form = Form::plain;
    Seqnr seqnr;  // unless plain
  };
  struct Gap {
    Seqnr from;   // the first message missing
    Seqnr first;  // the first that there is
  };
  struct Taken {
    bool fresh = false;     // to be shown
    bool progress = false;  // there may be more: ask again at once
    bool anew = false;      // the channel counts from the beginning again: its history was lost
    std::optional<Gap> gap;
  };

  explicit Cursor(Start start);

  // After each join. head: the last message's seqnr as the join's answer told it. A head behind
  // what was read may be a server that lost its data or one that lags: reading starts again there,
  // and what was shown before is recognized.
  void joined(bool yallchat, std::optional<Seqnr> head);
  Position position() const;
  // The server knows no /N/events.
  void path_refused() { path_works_ = false; }
  void nothing_new() { moving_ = false; }
  // A message event, answered to a poll at asked. first_kept: the header first-seqnr.
  Taken take(const Event& event, const Position& asked, std::optional<Seqnr> first_kept);
  // The server says that nothing before first is to be had: what of it had not been taken.
  std::optional<Gap> skip(Seqnr first);
  // Whether everything up to seqnr has been taken.
  bool reached(Seqnr seqnr) const { return next_ && *next_ > seqnr; }

 private:
  bool remembers(const Event& event);
  std::optional<Gap> gap_before(const Event& event, const Position& asked,
                                std::optional<Seqnr> first_kept);

  bool yallchat_ = false;
  std::optional<Seqnr> next_;
  bool moving_ = false;  // a base server must be told the place
  bool path_works_ = true;
  bool gap_is_expected_ = false;
  std::optional<Seqnr> last_;          // of the event before, whatever became of it
  std::optional<Seqnr> highest_;       // that the channel is known to have had
  std::optional<Seqnr> lowered_from_;  // what was next before a join's head was behind
  std::deque<std::uint64_t> order_;    // the remembered events, oldest first
  std::unordered_set<std::uint64_t> remembered_;
};

}  // namespace yallchat
