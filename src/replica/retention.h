// Limits of history by age and size: looks which messages are beyond them, and proposes to trim.
//
// The machine has neither a clock nor the messages, so a node finds out what may go, by its own
// clock and its own store, and the log decides. A channel is looked at only when something of it
// may be due, and only so many at once. What was said is not exact to the message: an age is kept
// to within a minute, and a size is cut in steps of a sixteenth, so that trims are few.
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
  // What the last look at a channel found, kept up by posted().
  struct Known {
    std::int64_t oldest_ms;
    std::uint64_t bytes;
  };

  void take_answers(const std::function<void(Trim)>& propose);
  void find_due();
  bool age_due(const Known& known) const;
  bool size_due(const Known& known) const;
  void look(ChannelId channel);

  const Machine& machine_;
  Store& store_;
  const Clock& clock_;
  std::unordered_map<ChannelId, Known> known_;
  std::deque<ChannelId> due_;
  std::size_t looks_ = 0;  // not yet answered
  Monotonic next_search_{};
  std::shared_ptr<Answers> answers_;
};

}  // namespace yallchat
