// What happened, as a running hash of everything and, when asked, as lines for a person.
//
// Two runs of one seed are the same when their hashes are. Also how a check fails: violated() ends
// the run, and main tells seed, step and words. One thread.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/clock.h"
#include "simulation/reached.h"

namespace yallchat::simulation {

// The parts as one text; numbers in decimal.
template <class... Parts>
std::string text(const Parts&... parts) {
  std::string all;
  const auto add = [&](const auto& part) {
    using Part = std::decay_t<decltype(part)>;
    if constexpr (std::is_arithmetic_v<Part>)
      all += std::to_string(part);
    else
      all += part;
  };
  (add(parts), ...);
  return all;
}

// A promise of the system that did not hold.
struct Violation {
  std::string what;
};

template <class... Parts>
[[noreturn]] void violated(const Parts&... parts) {
  throw Violation{text(parts...)};
}

class Trace {
 public:
  Trace(const Clock& clock, bool verbose) : clock_(clock), verbose_(verbose) {}

  template <class... Parts>
  void note(const Parts&... parts) {
    (mix(parts), ...);
    if (!verbose_) return;
    const double seconds = std::chrono::duration<double>(clock_.monotonic()).count();
    std::printf("%6llu %10.3f  %s\n", static_cast<unsigned long long>(step_), seconds,
                text(parts...).c_str());
  }

  void reached(Reached place) { ++reached_[static_cast<std::size_t>(place)]; }
  const ReachedCounts& reached() const { return reached_; }

  void next_step() { mix(++step_); }
  std::uint64_t step() const { return step_; }
  std::uint64_t hash() const { return hash_; }
  bool verbose() const { return verbose_; }

 private:
  void mix(std::string_view words) {
    for (const char c : words) mix(static_cast<unsigned char>(c));
  }
  template <class Number>
  requires std::is_arithmetic_v<Number>
  void mix(Number number) {
    hash_ = (hash_ ^ static_cast<std::uint64_t>(number)) * 0x9E3779B97F4A7C15ULL;
    hash_ ^= hash_ >> 29;
  }

  const Clock& clock_;
  const bool verbose_;
  ReachedCounts reached_{};
  std::uint64_t step_ = 0;
  std::uint64_t hash_ = 1;
};

}  // namespace yallchat::simulation
