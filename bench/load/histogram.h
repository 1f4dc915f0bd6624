// Latencies, counted in buckets whose width grows with the value: below 1.6 % wrong anywhere from
// 1 ns to hours, in 30 KB and without an allocation a value (the idea of HdrHistogram).
//
// A value type; one thread.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace yallchat::bench {

class Histogram {
 public:
  void record(std::int64_t ns) {
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(ns, 0));
    ++counts_[bucket_of(value)];
    ++total_;
    max_ = std::max(max_, value);
  }

  std::uint64_t total() const { return total_; }
  std::uint64_t max_ns() const { return max_; }

  // The smallest latency in ns that at least this share (0 to 1) of all values does not exceed.
  std::uint64_t quantile_ns(double share) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total_)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen >= wanted && seen > 0) return std::min(highest_in(i), max_);
    }
    return max_;
  }

 private:
  // Values below 2 * fine have a bucket each; above, each doubling is cut into `fine` buckets.
  static constexpr std::size_t fine_bits = 6;
  static constexpr std::size_t fine = std::size_t{1} << fine_bits;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < 2 * fine) return value;
    const auto shift = static_cast<std::size_t>(std::bit_width(value)) - fine_bits - 1;
    return shift * fine + (value >> shift);
  }

  static std::uint64_t highest_in(std::size_t bucket) {
    if (bucket < 2 * fine) return bucket;
    const std::size_t shift = bucket / fine - 1;
    const std::uint64_t first = std::uint64_t{fine + bucket % fine} << shift;
    return first + (std::uint64_t{1} << shift) - 1;
  }

  std::array<std::uint64_t, (64 - fine_bits + 1) * fine> counts_{};
  std::uint64_t total_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace yallchat::bench
