// How a history ends: nothing fails any more, and everything must come to rest.
#include "base/limits.h"
#include "log/format.h"
#include "simulation/history.h"

namespace yallchat::simulation {

using std::chrono::milliseconds;
using std::chrono::seconds;

void History::live_last() {
  heal();
  disk_.cut_after.reset();
  world_.settings = Settings{};
  world_.settings.session_timeout_ticks = chance_.between(1, 4);
  if (!start()) violated("it does not start on a disk with room");
  const std::size_t steps = chance_.below(scenario_.steps + 1);
  for (std::size_t n = 0; n < steps; ++n) take_step();
  settle();
  const std::size_t channels = checker_.model.rooms().size();
  const std::size_t read = Audit(*node_, *server_, world_, loop_).read_all(~std::size_t{0});
  if (read != channels) violated("only ", read, " of ", channels, " channels can be read");
  note_rare_state();
  fall_asleep();
  start_once_more();
}

void History::heal() {
  disk_full_ = store_full_ = false;
  disk_.capacity_bytes = ~std::uint64_t{0};
}

void History::note_rare_state() {
  if (checker_.last() != Index(0) && !disk_.exists("log/" + segment_name(1)))
    trace_.reached(Reached::segment_trimmed);
  for (const auto& [id, room] : checker_.model.rooms())
    if (node_->machine().find_channel(id)->keyed.size() > limits::keyed_posts_floor)
      trace_.reached(Reached::keyed_posts_beyond_floor);
}

// Everyone finishes what is open, and leaves.
void History::settle() {
  trace_.note("settle");
  heal();
  network_.heal();
  for (Client& client : clients_) client.heal();
  constexpr int most_steps = 10'000;
  std::size_t next = 0;
  for (int n = 0; n < most_steps; ++n) {
    trace_.next_step();
    clock_.now += milliseconds(100);
    loop_.run_ready();
    world_.bytes_left = scenario_.posted_bytes_a_step;
    std::size_t acted = 0;
    for (std::size_t looked = 0; looked < clients_.size() && acted < scenario_.acts_a_step;
         ++looked) {
      Client& client = clients_[next++ % clients_.size()];
      if (client.finished()) continue;
      client.finish();
      ++acted;
    }
    turn();
    if (acted == 0) return;
  }
  violated("after ", most_steps, " steps in which nothing failed, not everyone is done");
}

// Nobody asks for anything any more: all sessions end at their timeout, and not much later.
void History::fall_asleep() {
  trace_.note("sleep");
  // A second of the log begins when the one before is in it, which a thread may take a while for.
  const std::uint64_t a_tick = scenario_.commit == CommitMode::thread_always ? 2 : 1;
  const std::uint64_t most = a_tick * (world_.settings.session_timeout_ticks + 3);
  for (std::uint64_t n = 0; n < most; ++n) {
    trace_.next_step();
    clock_.now += seconds(1);
    loop_.run_ready();
    turn();
  }
  const Machine& machine = node_->machine();
  if (machine.session_count() != 0)
    violated(machine.session_count(), " sessions are there ", most, " s after the last request");
  for (const auto& [id, room] : checker_.model.rooms())
    if (room.messages.empty()) violated("channel ", room.key, " is not forgotten");
}

// A clean stop leaves nothing to do for the next start.
void History::start_once_more() {
  stop();
  const Index last = checker_.last();
  if (!start()) violated("it does not start after a clean stop");
  if (checker_.last() != last) violated("a start without anything to do wrote to the log");
  stop();
}

}  // namespace yallchat::simulation
