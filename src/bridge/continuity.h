// Continuity: whether a channel of a Y'allChat server is still the one that was read.
//
// Behind a connection that broke there may be a server that lost its data, or was restored from a
// backup, and gives numbers to others. So the message that was read last is asked for again: it is
// not there, or another one, where the channel is not the same. Until that is known nothing that
// was read since counts. Owner: the bridge's end. No I/O; one thread.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "client/session.h"

namespace yallchat {

class Continuity {
 public:
  // Nothing was read yet; the newest message there is, which is to be asked for.
  void begin_at(Seqnr head) { last_ = Last{.seqnr = head, .digest = {}}; }
  // A message was read, of the same channel as far as is known.
  void read(const Event& message);
  void broke() { sure_ = !last_ || last_->digest.empty(); }
  bool sure() const { return sure_; }
  // What is read from now on is of another channel.
  void begin_anew();

  // The message to be asked for now; none: nothing is to be asked, or not yet.
  std::optional<Seqnr> ask(Monotonic now);
  // Nothing was learnt. False: it was asked in vain limits::bridge_checks times in a row, and the
  // channel counts as the same.
  bool not_answered(Monotonic now);
  // page: of that message alone. False: the channel is another one.
  bool answered(const HistoryStretch& page);
  // Nobody waits for the answer any more.
  void forget_question() { asked_ = false; }
  Monotonic wake_at() const { return wants_to_ask() ? ask_at_ : Monotonic::max(); }

 private:
  bool wants_to_ask() const { return !asked_ && (!sure_ || (last_ && last_->digest.empty())); }

  struct Last {
    Seqnr seqnr;
    std::string digest;  // empty: not known
  };
  std::optional<Last> last_;
  bool sure_ = true;
  bool asked_ = false;
  Monotonic ask_at_{};
  int in_vain_ = 0;
};

}  // namespace yallchat
