#include "simulation/history.h"

#include "base/limits.h"
#include "simulation/lying_disk.h"
#include "simulation/names.h"

namespace yallchat::simulation {

using std::chrono::milliseconds;

History::History(const Options& options)
    : chance_(options.seed),
      scenario_(Scenario::draw(chance_)),
      canary_(options.canary),
      trace_(clock_, options.verbose),
      loop_(clock_),
      checker_(trace_, clock_),
      network_(chance_, scenario_),
      world_{chance_, checker_, network_, clock_, trace_, scenario_, disk_full_} {
  if (canary_ == Canary::lying_sync) lying_disk_ = std::make_unique<LyingDisk>(disk_);
  trace_.note("seed ", options.seed, ": ", name_of(scenario_.kind), ", ", scenario_.clients,
              " clients, ", scenario_.channels, " channels, ", scenario_.lives, " lives");
  // In a small world names are scarce, so that several want one.
  const std::size_t names =
      scenario_.kind == Scenario::Kind::small ? chance_.between(2, 14) : scenario_.clients;
  clients_.reserve(scenario_.clients);
  for (std::size_t n = 0; n < scenario_.clients; ++n) {
    const std::size_t user = scenario_.kind == Scenario::Kind::small ? chance_.below(names) : n;
    clients_.emplace_back(n, user_name(user), channel_name(chance_.below(scenario_.channels)),
                          world_);
  }
}

void History::run() {
  for (std::size_t life = 0; life < scenario_.lives; ++life) {
    const std::uint64_t die = chance_.below(10);
    live(die < 2 ? End::clean_stop : die < 6 ? End::kill : End::power_cut);
  }
  live_last();
}

// --- One life ---

void History::live(End end) {
  world_.settings = scenario_.settings(chance_);
  // Some ends come at a change of the disk, sometimes while it starts.
  if (end != End::clean_stop && chance_.percent(60)) {
    const std::uint64_t changes = chance_.one_in(4) ? chance_.below(30) : chance_.below(1'500);
    disk_.cut_after = disk_.changes + changes;
  }
  try {
    if (start()) {
      if (chance_.one_in(3)) Audit(*node_, *server_, world_, loop_).read_all(100);
      const std::size_t steps = chance_.between(1, scenario_.steps);
      for (std::size_t n = 0; n < steps; ++n) take_step();
      if (end == End::clean_stop) {
        if (chance_.one_in(3)) disk_.cut_after = disk_.changes + chance_.mostly_small(40);
        stop();
        // The very last changes, made while it goes, may be cut too.
        if (!disk_.is_off()) return;
        end = chance_.one_in(2) ? End::kill : End::power_cut;
      }
    }
  } catch (const FakeDisk::PowerCut&) {
    trace_.note("cut at a change of the disk");
  }
  crash(end == End::power_cut);
}

// False: it refuses, for the disk is full.
bool History::start() {
  trace_.note("start");
  crash_place_ = Reached::crash_in_start;
  Disk& disk = lying_disk_ ? *lying_disk_ : disk_;
  node_ = std::make_unique<Node>(Node::Options{disk, medium_, loop_, clock_, chance_, scenario_,
                                               checker_, trace_, store_full_, canary_});
  server_ = std::make_unique<FrontEnd>(*node_, checker_, clock_, chance_, canary_);
  world_.server = server_.get();
  world_.stopping = false;
  const auto opened = node_->open(world_.settings);
  if (!opened && disk_.is_off()) throw FakeDisk::PowerCut{};
  if (!opened && opened.error().code == Errc::full && disk_full_) {
    trace_.note("it does not start on a full disk");
    trace_.reached(Reached::start_refused_full_disk);
    return false;
  }
  if (!opened) violated("it does not start: ", opened.error().message);
  checker_.compare(node_->machine());
  crash_place_ = Reached::crash_in_life;
  return true;
}

// As a turn of the server's loop: what is ready, requests, hub and replica, then the answers.
void History::take_step() {
  trace_.next_step();
  faults();
  pass_time(scenario_.slowest_step_ms);
  loop_.run_ready();
  world_.bytes_left = scenario_.posted_bytes_a_step;
  for (std::uint64_t n = chance_.below(scenario_.acts_a_step + 1); n > 0; --n)
    chance_.pick(clients_).act();
  turn();
}

void History::turn() {
  for (Client& client : clients_) client.receive();
  node_->turn();
  for (Client& client : clients_) client.check();
  streams_owed_turns_ = node_->hub().streams().has_work() ? streams_owed_turns_ + 1 : 0;
  if (streams_owed_turns_ > 100) violated("streams are owed something for too many turns");
  note_what_is_told();
  network_.flush();
}

// The log is told of a cursor a third of the timeout after it moved, at most; where there was no
// room, a second after there is.
void History::note_what_is_told() {
  if (disk_full_ || node_->unstored_bytes() >= limits::unstored_bytes)
    last_without_room_ = clock_.now;
  const Monotonic retry = milliseconds(1'100);
  if (clock_.now - last_without_room_ <= retry || !node_->is_settled()) return;
  const Monotonic interval =
      Monotonic(std::chrono::seconds(node_->machine().settings().session_timeout_ticks)) / 3;
  world_.told_until = std::max(world_.told_until, clock_.now - interval - retry);
}

void History::pass_time(std::uint64_t slowest_ms) {
  clock_.now += milliseconds(chance_.mostly_small(slowest_ms));
}

void History::faults() {
  if (chance_.percent(disk_full_ ? 4 : scenario_.full_disk_percent)) {
    disk_full_ = !disk_full_;
    std::uint64_t used = 0;
    for (const auto& [path, content] : disk_.files()) used += content.size();
    disk_.capacity_bytes =
        disk_full_ ? used + chance_.below(2 * scenario_.segment_bytes) : ~std::uint64_t{0};
    trace_.note(disk_full_ ? "the disk is full" : "the disk has room");
  }
  if (chance_.percent(store_full_ ? 15 : scenario_.full_store_percent)) {
    store_full_ = !store_full_;
    trace_.note(store_full_ ? "the store is full" : "the store has room");
  }
  if (chance_.percent(scenario_.clock_jump_percent)) {
    clock_.wall_offset_ms +=
        (chance_.one_in(2) ? 1 : -1) * static_cast<std::int64_t>(chance_.below(2 * 3'600'000));
    trace_.note("the clock on the wall is off by ", clock_.wall_offset_ms, " ms");
  }
}

// --- Its end ---

void History::stop() {
  trace_.note("stop");
  crash_place_ = Reached::crash_in_stop;
  world_.stopping = true;
  for (Client& client : clients_) client.server_stops();
  node_->hub().stop();
  for (int n = 0; n < 100 && (anyone_busy() || streams_open()); ++n) {
    trace_.next_step();
    clock_.now += milliseconds(50);
    loop_.run_ready();
    turn();
  }
  const bool healthy = !disk_full_ && !store_full_;
  const bool answered = !anyone_busy();
  if (streams_open()) violated("the server stops, and streams go on");
  node_->stop();
  if (healthy && node_->stored() != checker_.last())
    violated("after a clean stop the store has entry ", node_->stored().value, " of ",
             checker_.last().value);
  node_.reset();
  loop_.clear();
  network_.clear();
  for (Client& client : clients_) {
    if (!healthy || !answered) client.connection_lost();
    if (healthy && answered) client.server_stopped_cleanly();
  }
}

void History::crash(bool power) {
  ++crashes_;
  trace_.reached(crash_place_);
  trace_.note(power ? "the power goes" : "the process is killed");
  // Nothing that destructors do reaches the disk.
  disk_.cut_after = disk_.changes;
  try {
    static_cast<void>(disk_.sync_directory("log"));
  } catch (const FakeDisk::PowerCut&) {
  }
  if (node_) node_->crash();
  node_.reset();
  loop_.clear();
  network_.clear();
  if (power) {
    disk_.power_on(chance_.engine());
    trace_.reached(Reached::power_loss);
    if (medium_.power_loss(chance_, chance_.one_in(3))) trace_.reached(Reached::store_tail_lost);
  } else {
    disk_.process_restarts();
    // The end of the process may have been a sync that failed.
    if (chance_.one_in(4)) {
      disk_.forget_what_is_not_synced();
      trace_.reached(Reached::write_back_failed);
    }
  }
  for (Client& client : clients_) client.connection_lost();
  pass_time(10'000);
  if (disk_full_ && chance_.one_in(2)) {
    disk_full_ = false;
    disk_.capacity_bytes = ~std::uint64_t{0};
  }
}

bool History::anyone_busy() const {
  return std::any_of(clients_.begin(), clients_.end(), [](const Client& c) { return c.busy(); });
}

bool History::streams_open() const {
  return std::any_of(clients_.begin(), clients_.end(),
                     [](const Client& c) { return c.streams_open(); });
}

}  // namespace yallchat::simulation
