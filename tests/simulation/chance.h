// The one source of chance of a simulated history: everything that is not fixed comes from the
// seed.
//
// Only the engine and remainders are used, no distributions, whose results are a library's own
// affair. One thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <random>
#include <span>

#include "base/random.h"

namespace yallchat::simulation {

class Chance final : public Random {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    return low + below(high - low + 1);
  }
  bool percent(std::uint64_t p) { return below(100) < p; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  // Small numbers are likelier than large ones: first the magnitude is drawn, then the number.
  std::uint64_t mostly_small(std::uint64_t most) {
    std::uint64_t bound = 1;
    while (bound < most && one_in(2)) bound *= 2;
    return below(bound < most ? bound * 2 : most + 1);
  }
  template <class List>
  auto& pick(List& list) {
    return list[below(list.size())];
  }

  void fill(std::span<std::uint8_t> out) override {
    for (std::size_t at = 0; at < out.size(); at += 8) {
      const std::uint64_t word = engine_();
      std::memcpy(out.data() + at, &word, std::min<std::size_t>(8, out.size() - at));
    }
  }

  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace yallchat::simulation
