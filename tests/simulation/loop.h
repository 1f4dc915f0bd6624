// The simulated loop: what will happen later, in order of time, and the clock that it happens by.
//
// It stands for the loop of the server and for all threads beside it: the store's, and the worker
// that prepares and removes segments. One thread.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "base/clock.h"

namespace yallchat::simulation {

class SimulatedClock final : public Clock {
 public:
  Monotonic monotonic() const override { return now; }
  std::int64_t wall_ms() const override {
    return 1'700'000'000'000 + now.count() / 1'000'000 + wall_offset_ms;
  }

  Monotonic now = std::chrono::hours(1);
  std::int64_t wall_offset_ms = 0;
};

class Loop {
 public:
  using Job = std::function<void()>;

  explicit Loop(const Clock& clock) : clock_(clock) {}

  void post(Job job) { after(Monotonic(0), std::move(job)); }
  void after(Monotonic delay, Job job) {
    jobs_.emplace(clock_.monotonic() + delay, std::move(job));
  }
  // Runs what is due, also what that adds.
  void run_ready() {
    while (!jobs_.empty() && jobs_.begin()->first <= clock_.monotonic()) {
      const Job job = std::move(jobs_.extract(jobs_.begin()).mapped());
      job();
    }
  }
  bool empty() const { return jobs_.empty(); }
  // The process is gone, and with it whatever it had in mind.
  void clear() { jobs_.clear(); }

 private:
  const Clock& clock_;
  std::multimap<Monotonic, Job> jobs_;
};

}  // namespace yallchat::simulation
