// Backoff: how long to wait before trying again, and when to give up. One thread.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"
#include "base/random.h"

namespace yallchat {

class Backoff {
 public:
  // budget: from the first failure of a row, how long there are further tries.
  Backoff(const Clock& clock, Random& random, std::chrono::milliseconds budget)
      : clock_(clock), random_(random), budget_(budget) {}

  void succeeded();
  // When to try again, doubling from 250 ms to 5 s with jitter, not before at_least; the last try
  // is at the end of the budget. Nothing: the budget is used up.
  std::optional<Monotonic> failed(std::chrono::milliseconds at_least = {});
  bool failing() const { return since_.has_value(); }

 private:
  const Clock& clock_;
  Random& random_;
  std::chrono::milliseconds budget_;
  std::optional<Monotonic> since_;
  std::chrono::milliseconds step_{};
};

}  // namespace yallchat
