// Limits of history by age and size: looks which messages are beyond them, and proposes to trim.
//
// The machine has neither a clock nor the messages, so a node finds out what may go, by its own
// clock and its own store, and the log decides. A channel is looked at only when something of it
// may be due, and only so many at once. Trims are to be few, so limits are not kept to the message
// while much is said: an age to within a minute, a size in steps of a sixteenth, and of the
// messages that stay in any case a sixteenth more may be there. When a channel is quiet, what is
// left goes.
//
// Owner: the replica. All functions on its thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <unordered_map>

#include "base/clock.h"
#include "machine/machine.h"
#include "store/store.h"

namespace yallchat {

class Retention {
 public:
  Retention(const Machine& machine, Store& store, const Clock& clock);

  // The message was applied.
  void posted(const Message& message);

  // Goes on looking; proposes what was found. Every turn.
  void turn(const std::function<void(Trim)>& propose);

 private:
  struct Answers;  // of the store, on their way from its thread
  struct Watch {
    Seqnr head;           // at the last search: it has not moved since in a quiet channel
    bool looked = false;  // then what follows is known, and kept up by posted()
    std::int64_t oldest_ms = 0;
    std::uint64_t bytes = 0;
    Seqnr seen;  // the last message that is in bytes, but for those of posted()
  };

  void take_answers(const std::function<void(Trim)>& propose);
  void find_due();
  bool is_due(const Channel& channel);
  bool age_due(const Watch& watch) const;
  bool size_due(const Watch& watch, const Channel& channel, bool quiet) const;
  void look(ChannelId channel);

  const Machine& machine_;
  Store& store_;
  const Clock& clock_;
  std::unordered_map<ChannelId, Watch> watched_;  // with more messages than stay in any case
  std::deque<ChannelId> due_;
  std::size_t looks_ = 0;  // not yet answered
  Monotonic next_search_{};
  std::shared_ptr<Answers> answers_;
};

}  // namespace yallchat
