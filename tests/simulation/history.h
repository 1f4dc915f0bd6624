// One simulated history, from an empty disk to the last check: what a seed stands for.
//
// A server lives several lives on one disk, each ended by a clean stop, a kill or a power cut, at
// any moment; its clients outlive it. Then everything is healed, all that is open comes to its end,
// everything is read and compared, and everyone falls asleep. Throws Violation. One thread.
#pragma once

#include <memory>
#include <vector>

#include "log/fake_disk.h"
#include "simulation/audit.h"

namespace yallchat::simulation {

class History {
 public:
  struct Options {
    std::uint64_t seed = 0;
    bool verbose = false;
    Canary canary = Canary::none;
  };

  explicit History(const Options& options);

  void run();

  std::uint64_t step() const { return trace_.step(); }
  std::uint64_t trace_hash() const { return trace_.hash(); }
  // What was in it, for a summary.
  std::uint64_t entries() const { return checker_.last().value; }
  std::uint64_t acknowledged() const { return checker_.posts.acknowledgements(); }
  std::uint64_t crashes() const { return crashes_; }
  const ReachedCounts& reached() const { return trace_.reached(); }

 private:
  enum class End { clean_stop, kill, power_cut };

  void live(End end);
  void live_last();
  bool start();
  void take_step();
  void turn();
  void note_what_is_told();
  void faults();
  void stop();
  void crash(bool power);
  void heal();
  void settle();
  void note_rare_state();
  void fall_asleep();
  void start_once_more();
  void pass_time(std::uint64_t slowest_ms);
  bool anyone_busy() const;
  bool streams_open() const;

  Chance chance_;
  const Scenario scenario_;
  const Canary canary_;
  SimulatedClock clock_;
  Trace trace_;
  Loop loop_;
  FakeDisk disk_;
  std::unique_ptr<Disk> lying_disk_;
  StoreMedium medium_;
  Checker checker_;
  Network network_;
  bool disk_full_ = false;
  Client::World world_;
  std::vector<Client> clients_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<FrontEnd> server_;
  bool store_full_ = false;
  Monotonic last_without_room_{};
  Reached crash_place_ = Reached::crash_in_start;
  std::uint64_t crashes_ = 0;
  std::size_t streams_owed_turns_ = 0;
};

}  // namespace yallchat::simulation
