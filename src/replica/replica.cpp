#include "replica/replica.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "protocol/command_codec.h"

namespace yallchat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Monotonic tick_interval = seconds(1);
constexpr Monotonic start_retry = seconds(1);
// The store shares the disk with the log's syncs, so it is given its work in lots, not in drops.
// When much is said it gets larger lots, a little later: the messages of one channel in a lot share
// chunks, and with ten thousand channels a small lot has hardly two of any.
constexpr Monotonic store_interval = milliseconds(250);
constexpr Monotonic store_interval_of_much = seconds(1);
constexpr std::size_t much_bytes = 1 * limits::MiB;
constexpr std::size_t most_bytes = 8 * limits::MiB;
// What a session or channel that came or went adds to what is not stored yet, about.
constexpr std::size_t row_bytes = 512;
static_assert(2 * most_bytes < limits::unstored_bytes_refuse,
              "the store is never behind by itself");

}  // namespace

Replica::Replica(Options options)
    : log_(options.log),
      store_(options.store),
      clock_(options.clock),
      machine_(std::move(options.machine)),
      applied_(options.applied),
      retention_(machine_, store_, clock_),
      last_tick_(clock_.monotonic()),
      last_write_(clock_.monotonic()) {
  batch_.position = applied_;
}

Result<void> Replica::recover(const Settings& settings) {
  recovering_ = true;
  const Index before = applied_;
  log_.deliver(*this);
  recovering_ = false;
  if (unreadable_) return *unreadable_;
  if (applied_ != before)
    spdlog::info("replayed log entries {} to {}", before.value + 1, applied_.value);
  wanted_ = settings;
  settings_wanted_ = machine_.settings() != settings;
  recover_wanted_ = machine_.session_count() != 0;
  turn();
  settle();
  return {};
}

void Replica::submit(Command command, Answer answer) {
  const std::size_t bytes = size_of(command);
  const bool post = std::holds_alternative<Post>(command);
  const std::size_t bound = post ? limits::unstored_bytes_refuse : limits::unstored_bytes;
  if (pending_bytes_ + bytes > limits::pending_command_bytes || unstored_bytes() >= bound) {
    answer(outcome::Refused{Refusal::unavailable});
    return;
  }
  pending_bytes_ += bytes;
  pending_.push_back({std::move(command), std::move(answer), bytes});
}

void Replica::turn() {
  log_.deliver(*this);
  propose_start();
  propose_tick();
  propose_trims();
  while (start_append()) log_.deliver(*this);
  hand_to_store(false);
  const Index checkpointed = store_.checkpointed();
  if (checkpointed > trimmed_) {
    log_.trim(checkpointed);
    trimmed_ = checkpointed;
  }
}

// What a start proposes is proposed until the log has taken it: the disk may be full just then.
void Replica::propose_start() {
  const Monotonic now = clock_.monotonic();
  if (start_proposed_ != 0 || now < next_start_proposal_) return;
  next_start_proposal_ = now + start_retry;
  if (settings_wanted_) {
    ++start_proposed_;
    submit(wanted_, [this](const Outcome& outcome) {
      --start_proposed_;
      settings_wanted_ = std::holds_alternative<outcome::Refused>(outcome);
    });
  }
  if (recover_wanted_) {
    ++start_proposed_;
    submit(Recover{}, [this](const Outcome& outcome) {
      --start_proposed_;
      recover_wanted_ = std::holds_alternative<outcome::Refused>(outcome);
    });
  }
}

// No catching up: a second in which nobody could tick is a second in which nobody grew older. And
// not while an entry is on its way: who asks for something until the next one is noted before it.
void Replica::propose_tick() {
  const Monotonic now = clock_.monotonic();
  if (machine_.session_count() == 0 || tick_proposed_ || !log_.can_append() ||
      now - last_tick_ < tick_interval)
    return;
  tick_proposed_ = true;
  // A second begins when the last one is in the log: whoever asks for something meanwhile is noted
  // in the one before.
  submit(Advance{machine_.now()}, [this](const Outcome&) {
    tick_proposed_ = false;
    last_tick_ = clock_.monotonic();
  });
}

// What the log refuses is found, and proposed, again. Until the settings of this start hold, what
// the old ones would let go may be what the operator has just decided to keep.
void Replica::propose_trims() {
  if (settings_wanted_) return;
  retention_.turn([this](Trim trim) { submit(trim, [](const Outcome&) {}); });
}

// Everything that is pending, up to the bounds of an entry, goes into one append.
bool Replica::start_append() {
  if (pending_.empty() || !log_.can_append() || unstored_bytes() >= limits::unstored_bytes)
    return false;
  std::size_t bytes = 0;
  while (!pending_.empty() && in_flight_.size() < limits::entry_commands &&
         (in_flight_.empty() || bytes + pending_.front().bytes <= limits::entry_bytes)) {
    Pending& next = pending_.front();
    bytes += next.bytes;
    in_flight_.push_back(std::move(next.command));
    askers_.push_back(std::move(next.answer));
    pending_.pop_front();
  }
  pending_bytes_ -= bytes;
  const std::string entry = encode_entry(in_flight_);
  CHECK(entry.size() <= limits::entry_bytes, "an entry fits the log's bound");
  log_.append(entry);
  return true;
}

void Replica::on_entry(Index index, std::string_view entry, bool own) {
  if (unreadable_) return;
  CHECK(index == applied_.next(), "the log is gapless: entry " + std::to_string(index.value) +
                                      " came after " + std::to_string(applied_.value));
  if (own)
    apply_own(index);
  else if (!apply_others(index, entry))
    return;
  if (refusing_) spdlog::info("entries can be written again");
  refusing_ = false;
  applied_ = index;
  // While recovering nothing else runs, so the store's pace is kept by waiting for it.
  if (recovering_ && batch_.bytes >= limits::unstored_bytes_refuse) flush_store();
}

// The commands are those that were encoded, so they need not be decoded.
void Replica::apply_own(Index index) {
  CHECK(!in_flight_.empty(), "an own entry holds the commands in flight");
  const std::vector<Command> commands = std::exchange(in_flight_, {});
  const std::vector<Answer> askers = std::exchange(askers_, {});
  for (std::size_t i = 0; i < commands.size(); ++i) apply(index, commands[i], &askers[i]);
}

// False: the entry does not read.
bool Replica::apply_others(Index index, std::string_view entry) {
  const auto commands = decode_entry(entry);
  if (!commands) {
    const Error error{commands.error().code,
                      "log entry " + std::to_string(index.value) + ": " + commands.error().message};
    CHECK(recovering_, error.message);
    unreadable_ = error;
    return false;
  }
  for (const Command& command : *commands) apply(index, command, nullptr);
  return true;
}

void Replica::apply(Index index, const Command& command, const Answer* answer) {
  effects_.clear();
  const Outcome outcome = machine_.apply(index, command, effects_);
  for (const Effect& effect : effects_) collect(effect);
  if (listener_) listener_->on_effects(index, effects_);
  if (answer) (*answer)(outcome);
}

void Replica::collect(const Effect& effect) {
  if (const auto* posted = std::get_if<effect::Posted>(&effect)) {
    batch_.messages.push_back(posted->message);
    batch_.bytes += posted->message->bytes();
    retention_.posted(*posted->message);
  } else if (const auto* raised = std::get_if<effect::FloorRaised>(&effect)) {
    floors_[raised->channel] = raised->first;
  } else {
    batch_.bytes += row_bytes;
  }
}

void Replica::on_refused(const Error& reason) {
  // A full disk refuses for as long as it is full: that is told when it begins and when it ends.
  if (!refusing_) spdlog::error("nothing can be written: {}", reason.message);
  refusing_ = true;
  settle_in_flight(Refusal::unavailable);
}

void Replica::on_unknown(const Error& reason) {
  spdlog::error("whether an entry was written is not known: {}", reason.message);
  settle_in_flight(Refusal::outcome_unknown);
}

void Replica::settle_in_flight(Refusal why) {
  in_flight_.clear();
  for (const Answer& answer : std::exchange(askers_, {})) answer(outcome::Refused{why});
}

void Replica::hand_to_store(bool now) {
  if (!store_.idle()) return;
  writing_bytes_ = 0;
  if (applied_ <= batch_.position) return;
  const Monotonic at = clock_.monotonic();
  const Monotonic interval = batch_.bytes < much_bytes ? store_interval : store_interval_of_much;
  if (now || batch_.bytes >= most_bytes || at - last_write_ >= interval) {
    last_write_ = at;
    write_batch();
  }
}

void Replica::write_batch() {
  StoreBatch batch = std::exchange(batch_, {});
  batch.position = applied_;
  batch.state_hash = machine_.state_hash();
  batch.rows = StateRows::take_changes(machine_);
  for (const auto& [channel, first] : floors_) batch.floors.push_back({channel, first});
  floors_.clear();
  batch_.position = applied_;
  writing_bytes_ = batch.bytes;
  store_.write(std::move(batch));
}

// What is in flight is told.
void Replica::settle() {
  log_.finish();
  log_.deliver(*this);
}

void Replica::flush() {
  settle();
  while (has_work()) {
    turn();
    settle();
  }
  flush_store();
}

void Replica::flush_store() {
  store_.flush();
  hand_to_store(true);
  store_.flush();
  writing_bytes_ = 0;
}

}  // namespace yallchat
