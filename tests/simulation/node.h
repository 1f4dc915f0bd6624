// One life of a server: the real log, machine, replica and hub over a simulated disk and store.
//
// As server/server.cpp wires them, without sockets; the checker listens between log and replica,
// and between replica and hub. A power cut (FakeDisk::PowerCut) or a Violation may come out of any
// function; after it only crash() and the destructor are called. One thread.
#pragma once

#include <memory>
#include <optional>

#include "hub/hub.h"
#include "simulation/observed_log.h"
#include "simulation/scenario.h"
#include "simulation/simulated_store.h"

namespace yallchat::simulation {

class Node final : private Replica::Listener {
 public:
  struct Options {
    Disk& disk;
    StoreMedium& medium;
    Loop& loop;
    const Clock& clock;
    Chance& chance;
    const Scenario& scenario;
    Checker& checker;
    Trace& trace;
    const bool& store_full;
    Canary canary = Canary::none;
  };

  explicit Node(Options options) : o_(options) {}

  // Error: why it refuses to start.
  Result<void> open(const Settings& settings);
  // As Server::turn, behind what was ready: the caller sends afterwards.
  void turn();
  // Whether nothing is on its way to the log.
  bool is_settled() const { return log_->can_append() && !replica_->has_work(); }
  // Turns until everything submitted is applied or refused, in no time.
  void turn_until_settled();
  // As Server::stop, when no request is under way any more.
  void stop();
  // The process dies; destroy it next.
  void crash();

  Replica& replica() { return *replica_; }
  Hub& hub() { return *hub_; }
  const Machine& machine() const { return replica_->machine(); }
  Index stored() const { return store_->written(); }
  std::size_t unstored_bytes() const { return replica_->unstored_bytes(); }

 private:
  void on_effects(Index index, const Effects& effects) override;
  void run_job(std::function<void()> job);
  void commit(std::function<void()> job);

  class FastClock;

  Options o_;
  std::unique_ptr<Clock> fast_clock_;
  std::unique_ptr<SimulatedStore> store_;
  std::unique_ptr<ObservedLog> log_;
  std::optional<Replica> replica_;
  std::optional<Hub> hub_;
};

}  // namespace yallchat::simulation
