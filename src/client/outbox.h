// Outbox: what the user wants said. Lines wait, one is on its way, and those acknowledged wait to
// be read back.
//
// An own message is recognized in the events by the seqnr of its acknowledgement; where a server
// gives none, by sender and text. Both orders happen: the event may be read before the
// acknowledgement arrives. Bounded: limits::client_queued_lines and client_unseen_messages (beyond,
// the oldest counts as seen). No I/O; one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/random.h"
#include "client/reply.h"

namespace yallchat {

// 128 random bits in hexadecimal.
std::string new_idempotency_key(Random& random);

struct OutgoingLine {
  std::uint64_t number = 0;  // as the caller counts
  std::string text;
  std::string key = {};        // Idempotency-Key, the same on every try; empty: a new one
  std::string origin = {};     // of a bridged message: where it has been
  std::string other_key = {};  // where the key turns out to be another message's; empty: none
  bool rejoined_for = false;   // a session was made anew for it already
  bool sent_twice = false;     // after an outcome that stayed unknown
  bool uncertain = false;      // an earlier try may have arrived
};

class Outbox {
 public:
  explicit Outbox(std::string user) : user_(std::move(user)) {}

  bool full() const;
  void add(OutgoingLine line) { lines_.push_back(std::move(line)); }
  // The line to send now or on its way; null if none.
  OutgoingLine* front() { return lines_.empty() ? nullptr : &lines_.front(); }
  const OutgoingLine* front() const { return lines_.empty() ? nullptr : &lines_.front(); }
  bool empty() const { return lines_.empty(); }

  void sent() { front_on_its_way_ = true; }
  void acknowledged(std::optional<Seqnr> seqnr);
  void refused();

  // A message was read. Returns whether it is the front line, sent but not acknowledged.
  bool saw(const Event& message);
  // Whether the front line was read already though nobody acknowledged it.
  bool front_seen() const { return front_seen_; }
  std::size_t unseen() const { return unseen_.size(); }
  // The numbers of the lines that are neither acknowledged nor refused nor read back.
  std::vector<std::uint64_t> unacknowledged() const;

 private:
  struct Unseen {
    std::optional<Seqnr> seqnr;
    std::string text;
  };
  void drop_front();

  std::string user_;
  std::deque<OutgoingLine> lines_;
  bool front_on_its_way_ = false;
  bool front_seen_ = false;
  std::optional<Seqnr> last_seen_;
  std::deque<Unseen> unseen_;
};

}  // namespace yallchat
