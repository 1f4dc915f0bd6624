#include "log/commit_choice.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace yallchat {
namespace {

using std::chrono::microseconds;

constexpr auto too_slow_inline = microseconds(1000);
constexpr auto fast_again = microseconds(500);

}  // namespace

void CommitChoice::took(std::chrono::nanoseconds time) {
  if (mode_ != CommitMode::automatic) return;
  times_[count_++] = time;
  if (count_ < times_.size()) return;
  count_ = 0;
  const auto middle = times_.begin() + times_.size() / 2;
  std::nth_element(times_.begin(), middle, times_.end());
  const bool before = by_thread_;
  by_thread_ = *middle > (before ? fast_again : too_slow_inline);
  if (by_thread_ != before)
    spdlog::info("a sync takes {} us: entries are written {}",
                 std::chrono::duration_cast<microseconds>(*middle).count(),
                 by_thread_ ? "by a thread of their own" : "inline");
}

}  // namespace yallchat
