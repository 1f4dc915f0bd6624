// How long something may take for which the store is read: so many reads, one after the other, and
// as many turns. A value.
#pragma once

#include "base/clock.h"
#include "simulation/scenario.h"

namespace yallchat::simulation {

struct Patience {
  Monotonic since{};
  std::size_t turns = 0;

  // Asked once a turn.
  bool is_over(Monotonic now, const Scenario& scenario) {
    constexpr int reads = 25;
    return ++turns > reads &&
           now > since + reads * std::chrono::milliseconds(scenario.slowest_read_ms + 10);
  }
};

}  // namespace yallchat::simulation
