// Link: carries what is said in one chat to one other, in its order, each message once, whatever
// dies meanwhile.
//
// One message is under way at a time. Its number is in the checkpoint, synced, before it is put,
// and again when it is acknowledged:
//
//   killed before the put       the checkpoint has a flight that is not there: it is put
//   killed after the put        the flight is there: a Y'allChat server knows the message by its
//                               key, and elsewhere it is found by reading
//   killed after the checkpoint it is done
//
// Where a put's outcome is unknown and the message does not appear, it is put again, and reported
// as possibly double: a message is never lost for fear of that.
//
// Owner: the bridge; the two ends outlive it. Waiting messages are bounded; those that found no
// room are read again. One thread.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <set>
#include <string>

#include "bridge/bridge_end.h"
#include "bridge/brought.h"
#include "bridge/checkpoint.h"
#include "bridge/company.h"
#include "bridge/surroundings.h"

namespace yallchat {

class Link final : private LinkEnd, private LineOwner {
 public:
  struct Options {
    BridgeEnd& from;
    BridgeEnd& to;
    std::set<std::string> labels;  // of all sides: what came by one of them is not carried
    std::string own;               // the bridge's name
    bool dry = false;              // says what it would carry
  };

  Link(Options options, BridgeSurroundings& around);
  ~Link() override = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Reads the checkpoint. Error: it is damaged.
  Result<void> load();
  // Where it has not begun, it begins with the first message that there ever was.
  void begin_at_first();
  // From which message on the source, and the target, must be read for it; none: what is new.
  std::optional<Seqnr> reads_from() const { return checkpoint_.done; }
  std::optional<Seqnr> settles_from() const;
  bool is_from(const BridgeEnd& end) const { return &end == &from_; }
  bool is_to(const BridgeEnd& end) const { return &end == &to_; }

  // Nothing more is put; what became of the put under way is still taken in, and saved.
  void stop() { stopped_ = true; }
  bool busy() const { return state_ == State::putting; }

  void turn();
  Monotonic wake_at() const { return wake_at_; }

 private:
  struct Waiting {
    std::optional<Seqnr> seqnr;
    std::uint64_t life = 0;
    bool carried = true;  // false: it is passed over
    Said said;
    std::string digest;
    std::string time;  // as in Checkpoint::said
    Monotonic came_at{};
  };
  enum class State {
    idle,
    putting,   // the first message is on its way
    settling,  // its put is not known to have come
  };

  // LinkEnd, of the source
  bool has_begun() const override { return checkpoint_.done.has_value(); }
  void begin_after(Seqnr seqnr) override;
  void offer(const Event& message) override;
  void was_done(const Event& message) override;
  bool contradicts(const Event& message) const override;
  bool is_past(Seqnr head) const override { return has_begun() && *checkpoint_.done > head; }
  void count_anew() override;
  // LinkEnd, of the target
  void saw(const Event& message) override;
  void saw_nothing_new() override;
  void target_counts_anew() override { acknowledged_to_ = Seqnr(); }
  // LineOwner
  void acknowledged(std::optional<Seqnr> seqnr) override;
  void refused(const std::string& why) override;
  void unknown(const std::string& why) override;
  void not_said() override;

  bool has_room_for(std::size_t bytes) const;
  void miss(const Event& message);
  void carry();
  bool left_to_others(const Waiting& waiting);
  bool put(const Waiting& waiting);
  void repeat(const std::string& why);
  void done(std::optional<Seqnr> there);
  void finish_front();
  void remember_time(const Waiting& finished);
  std::string time_of(const Event& message) const;
  bool is_of_an_earlier_life(const Event& message);
  bool front_is_in_flight() const;
  void save();
  std::string name_of(const Waiting& waiting) const;
  Report report(Report::Kind kind, const std::string& words = {}) const;

  Options options_;
  BridgeEnd& from_;
  BridgeEnd& to_;
  BridgeSurroundings& around_;
  std::string file_;
  std::string channel_;  // as it stands in a hop
  Company company_;

  Checkpoint checkpoint_;
  bool unsaved_ = false;
  bool must_save_ = false;  // before anything is put
  Monotonic unsaved_since_{};
  bool begun_told_ = false;
  bool numbered_ = true;  // the source gives its messages numbers

  std::deque<Waiting> waiting_;
  std::size_t bytes_ = 0;
  std::optional<Seqnr> last_;    // that was offered
  std::optional<Seqnr> missed_;  // there was no room from here on
  std::string last_time_;        // of what was offered last
  std::string earlier_until_;    // what was said by then was offered in an earlier life; or empty

  State state_ = State::idle;
  bool stopped_ = false;
  std::string put_text_;
  bool put_by_puppet_ = false;
  bool prefixed_ = false;  // the puppet was refused the message: it is said with a prefix
  bool seen_ = false;      // what was put
  std::optional<Seqnr> seen_seqnr_;
  std::string unknown_why_;
  int idle_reads_ = 0;
  Seqnr acknowledged_to_;                                   // on the target
  std::deque<std::pair<std::string, std::string>> unread_;  // acknowledged without a number

  Monotonic wake_at_ = Monotonic::max();
};

}  // namespace yallchat
