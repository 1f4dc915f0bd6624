// The two clocks, behind an interface so that tests and the simulator own the time.
#pragma once

#include <chrono>
#include <cstdint>

namespace yallchat {

// Since an arbitrary start; never goes back. For deadlines and intervals.
using Monotonic = std::chrono::nanoseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Monotonic monotonic() const = 0;
  // Milliseconds since 1970-01-01T00:00:00Z. May jump; decides nothing, only labels messages.
  virtual std::int64_t wall_ms() const = 0;
};

// The system's clocks. Any thread.
class SystemClock final : public Clock {
 public:
  Monotonic monotonic() const override;
  std::int64_t wall_ms() const override;
};

// Another clock as of the last look at it: whoever handles many requests in one turn of a loop
// looks once. The loop's thread only.
class LoopClock final : public Clock {
 public:
  explicit LoopClock(const Clock& clock) : clock_(clock) { look(); }

  void look() {
    monotonic_ = clock_.monotonic();
    wall_ms_ = clock_.wall_ms();
  }
  Monotonic monotonic() const override { return monotonic_; }
  std::int64_t wall_ms() const override { return wall_ms_; }

 private:
  const Clock& clock_;
  Monotonic monotonic_{};
  std::int64_t wall_ms_ = 0;
};

}  // namespace yallchat
