// Where entries are made durable: inline, on the log's own thread, or by a thread beside it.
//
// Inline is faster as long as a sync is: handing an entry to a thread and back takes longer than
// the sync of a good disk (a prototype: 82,000 against 115,000 posts/s). But all streams and polls
// wait for an inline sync. So by itself it is inline until the median of the last commits took more
// than a millisecond, and inline again when it is less than half of that. One thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

namespace yallchat {

enum class CommitMode { inline_always, thread_always, automatic };

class CommitChoice {
 public:
  explicit CommitChoice(CommitMode mode) : mode_(mode) {}

  bool by_thread() const { return by_thread_; }
  // What a commit took, with all its syncs.
  void took(std::chrono::nanoseconds time);

 private:
  const CommitMode mode_;
  bool by_thread_ = mode_ == CommitMode::thread_always;
  std::array<std::chrono::nanoseconds, 31> times_{};  // of the last, in no order
  std::size_t count_ = 0;
};

}  // namespace yallchat
