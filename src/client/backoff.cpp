#include "client/backoff.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace yallchat {
namespace {

constexpr std::chrono::milliseconds first_step{250};
constexpr std::chrono::milliseconds longest_step{5'000};

// Between half of it and all of it, so that clients that failed together do not return together.
Monotonic jittered(std::chrono::milliseconds step, Random& random) {
  std::array<std::uint8_t, sizeof(std::uint32_t)> bytes{};
  random.fill(bytes);
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data(), bytes.size());
  const auto half = std::chrono::duration_cast<Monotonic>(step) / 2;
  return half + half * (value % 1024) / 1024;
}

}  // namespace

void Backoff::succeeded() {
  since_.reset();
  step_ = {};
}

std::optional<Monotonic> Backoff::failed(std::chrono::milliseconds at_least) {
  const Monotonic now = clock_.monotonic();
  if (!since_) since_ = now;
  const Monotonic end = *since_ + budget_;
  if (now >= end) return std::nullopt;
  step_ = std::clamp(step_ * 2, first_step, longest_step);
  const Monotonic pause = std::max<Monotonic>(jittered(step_, random_), at_least);
  return std::min(now + pause, end);
}

}  // namespace yallchat
