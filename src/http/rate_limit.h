// Token buckets by key: so many a second, with a burst.
//
// Bounded: buckets that are full again are let go of, and beyond the bound a new key is refused
// rather than an old one forgotten. The loop's thread only.
#pragma once

#include <cmath>
#include <optional>
#include <unordered_map>

#include "base/clock.h"

namespace yallchat {

template <class Key>
class RateLimit {
 public:
  struct Options {
    double a_second = 0;  // 0: no limit
    double burst = 1;
    std::size_t keys = 100'000;
  };

  explicit RateLimit(Options options) : options_(options) {}

  // Takes one. When there is none: in how many seconds (at least 1) there will be.
  std::optional<std::int64_t> take(const Key& key, Monotonic now) {
    if (options_.a_second == 0) return std::nullopt;
    if (buckets_.size() >= options_.keys && !buckets_.contains(key)) {
      // A flood of new keys shall not buy a look at all of them each time.
      if (now >= next_sweep_) sweep(now);
      if (buckets_.size() >= options_.keys) return 1;
    }
    auto [it, made] = buckets_.try_emplace(key, Bucket{options_.burst, now});
    Bucket& bucket = it->second;
    bucket.tokens = filled(bucket, now);
    bucket.at = now;
    if (bucket.tokens < 1)
      return static_cast<std::int64_t>(std::ceil((1 - bucket.tokens) / options_.a_second));
    bucket.tokens -= 1;
    return std::nullopt;
  }

 private:
  struct Bucket {
    double tokens;
    Monotonic at;
  };

  double filled(const Bucket& bucket, Monotonic now) const {
    const double seconds = std::chrono::duration<double>(now - bucket.at).count();
    return std::min(options_.burst, bucket.tokens + seconds * options_.a_second);
  }
  void sweep(Monotonic now) {
    next_sweep_ = now + std::chrono::seconds(1);
    std::erase_if(buckets_, [&](const auto& b) { return filled(b.second, now) >= options_.burst; });
  }

  Options options_;
  std::unordered_map<Key, Bucket> buckets_;
  Monotonic next_sweep_{};
};

}  // namespace yallchat
