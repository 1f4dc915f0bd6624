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

}  // namespace yallchat
