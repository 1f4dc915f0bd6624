// The replica: drives one partition's log, machine and store, and answers who asked.
//
// It has no thread of its own. Everyone submits commands as they come; turn() appends all of them
// as one entry with one sync, applies what the log delivers, answers, and hands what was applied to
// the store. An answer is given only after its command is durable in the log.
//
// Owner: the server's wiring. All functions on one thread, the loop's.
#pragma once

#include <boost/container/deque.hpp>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "base/result.h"
#include "log/log.h"
#include "machine/machine.h"
#include "machine/state_rows.h"
#include "replica/retention.h"
#include "store/store.h"

namespace yallchat {

class Replica final : private Log::Receiver {
 public:
  // Told of every command's effects, in log order, before its answer is given.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void on_effects(Index index, const Effects& effects) = 0;
  };

  struct Options {
    Log& log;
    Store& store;
    const Clock& clock;
    Machine machine;  // as of the store's position
    Index applied;    // that position
  };

  // Called once, on the loop's thread, from submit (when refused at once) or from turn.
  using Answer = std::function<void(const Outcome&)>;

  explicit Replica(Options options);

  // Applies everything that the log holds, then proposes these settings. Blocks. Before anything is
  // served. Error: damaged, unsupported (an entry that does not read).
  Result<void> recover(const Settings& settings);

  void set_listener(Listener* listener) { listener_ = listener; }

  void submit(Command command, Answer answer);
  void turn();
  // Whether turn() has something to append now, so that there is no reason to wait before it.
  bool has_work() const {
    return !pending_.empty() && log_.can_append() && unstored_bytes() < limits::unstored_bytes;
  }

  // For a clean stop, after the last submit: everything submitted is applied, as far as the log and
  // the store take it, and everything applied is stored and checkpointed. Blocks.
  void flush();

  const Machine& machine() const { return machine_; }
  Index applied() const { return applied_; }
  std::size_t unstored_bytes() const { return batch_.bytes + writing_bytes_; }

 private:
  struct Pending {
    Command command;
    Answer answer;
    std::size_t bytes;
  };

  void settle();
  void flush_store();

  void apply_own(Index index);
  bool apply_others(Index index, std::string_view entry);

  void on_entry(Index index, std::string_view entry, bool own) override;
  void on_refused(const Error& reason) override;
  void on_unknown(const Error& reason) override;

  void propose_tick();
  void propose_start();
  void propose_trims();
  bool start_append();
  void apply(Index index, const Command& command, const Answer* answer);
  void collect(const Effect& effect);
  void settle_in_flight(Refusal why);
  void hand_to_store(bool now);
  void write_batch();

  Log& log_;
  Store& store_;
  const Clock& clock_;
  Listener* listener_ = nullptr;
  Machine machine_;
  Index applied_;
  Retention retention_;

  // A block of std::deque holds two of them.
  using Queue =
      boost::container::deque<Pending, void,
                              boost::container::deque_options_t<boost::container::block_size<64>>>;

  Queue pending_;  // submitted, not yet appended
  std::size_t pending_bytes_ = 0;
  std::vector<Command> in_flight_;  // appended, fate not yet known
  std::vector<Answer> askers_;      // of those commands
  Settings wanted_;                 // what this server proposes
  bool settings_wanted_ = false;    // they are not the machine's yet
  bool recover_wanted_ = false;     // the activity before this start is to be forgiven
  std::size_t start_proposed_ = 0;  // commands of propose_start in the log's hands
  Monotonic next_start_proposal_{};
  bool tick_proposed_ = false;
  bool refusing_ = false;  // the log's last answer was that it cannot write
  Monotonic last_tick_{};

  StoreBatch batch_;  // applied, not yet handed to the store; its position is what was handed last
  std::unordered_map<ChannelId, Seqnr> floors_;  // raised since then
  std::size_t writing_bytes_ = 0;
  Monotonic last_write_{};
  Index trimmed_;
  Effects effects_;  // of the command being applied; kept for its capacity
  bool recovering_ = false;
  std::optional<Error> unreadable_;  // why recovery stopped
};

}  // namespace yallchat
