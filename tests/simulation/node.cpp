#include "simulation/node.h"

namespace yallchat::simulation {

using std::chrono::milliseconds;

// Whose seconds are a third of one: what the canary fast-clock gives the replica.
class Node::FastClock final : public Clock {
 public:
  explicit FastClock(const Clock& clock) : clock_(clock) {}
  Monotonic monotonic() const override { return 3 * clock_.monotonic(); }
  std::int64_t wall_ms() const override { return clock_.wall_ms(); }

 private:
  const Clock& clock_;
};

Result<void> Node::open(const Settings& settings) {
  store_ = std::make_unique<SimulatedStore>(
      SimulatedStore::Options{o_.medium, o_.loop, o_.chance, o_.trace, o_.scenario.slowest_write_ms,
                              o_.scenario.slowest_read_ms, o_.store_full, o_.canary});
  auto contents = store_->load();
  auto machine = StateRows::load(contents->rows, contents->state_hash);
  if (!machine) return machine.error();
  auto log = LocalLog::open({.directory = "log",
                             .disk = o_.disk,
                             .random = o_.chance,
                             .opened_after = contents->position,
                             .segment_bytes = o_.scenario.segment_bytes,
                             .background = [this](auto job) { run_job(std::move(job)); },
                             .commit = o_.scenario.commit,
                             .commit_thread = [this](auto job) { commit(std::move(job)); }});
  if (!log) return log.error();
  o_.checker.opened((*log)->last(), contents->position, contents->state_hash);
  log_ = std::make_unique<ObservedLog>(std::move(*log), o_.checker, o_.canary);
  if (o_.canary == Canary::fast_clock) fast_clock_ = std::make_unique<FastClock>(o_.clock);
  const Clock& clock = fast_clock_ ? *fast_clock_ : o_.clock;
  replica_.emplace(
      Replica::Options{*log_, *store_, clock, std::move(*machine), contents->position});
  log_->watch(replica_->machine());
  hub_.emplace(*replica_, *store_, o_.clock,
               [this](std::function<void()> job) { o_.loop.post(std::move(job)); });
  replica_->set_listener(this);
  return replica_->recover(settings);
}

// A worker of its own takes its time.
void Node::run_job(std::function<void()> job) {
  if (o_.scenario.inline_jobs)
    job();
  else
    o_.loop.after(milliseconds(o_.chance.below(200)), std::move(job));
}

void Node::commit(std::function<void()> job) {
  o_.loop.after(milliseconds(o_.chance.mostly_small(o_.scenario.slowest_commit_ms)),
                std::move(job));
}

void Node::turn() {
  hub_->turn();
  replica_->turn();
  hub_->streams().serve();
}

void Node::turn_until_settled() {
  turn();
  while (!is_settled()) {
    log_->finish();
    turn();
  }
}

void Node::stop() {
  replica_->flush();
  hub_->save_cursors();
  replica_->turn();
  replica_->flush();
}

void Node::crash() {
  if (store_) store_->crash();
}

void Node::on_effects(Index index, const Effects& effects) {
  o_.checker.effects(index, effects, replica_->machine());
  Replica::Listener& hub = *hub_;
  if (o_.canary != Canary::lost_join) return hub.on_effects(index, effects);
  Effects others = effects;
  std::erase_if(others, [](const Effect& e) { return std::holds_alternative<effect::Joined>(e); });
  hub.on_effects(index, others);
}

}  // namespace yallchat::simulation
