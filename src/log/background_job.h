// One piece of work at a time, run by somebody else's worker, that its owner can always get the
// better of.
//
// The worker may take its time: finish() takes back what has not begun, and waits for what has.
// After it, or once busy() is false, all that the work wrote is visible to the owner. The owner is
// one thread; a work that was taken back leaves only an empty shell with the worker, so owner and
// worker may end in any order.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

namespace yallchat {

// Runs a function some time, on some thread, at most once.
using RunInBackground = std::function<void(std::function<void()>)>;

class BackgroundJob {
 public:
  explicit BackgroundJob(RunInBackground run);
  ~BackgroundJob();
  BackgroundJob(const BackgroundJob&) = delete;
  BackgroundJob& operator=(const BackgroundJob&) = delete;

  // Not while busy.
  void start(std::function<void()> work);
  bool busy() const;
  void finish();

 private:
  enum class State { idle, queued, running };
  struct Shared {
    std::mutex mutex;
    std::condition_variable ended;
    State state = State::idle;
    std::uint64_t ticket = 0;  // tells a work from those that were taken back
  };

  struct Ended;

  const RunInBackground run_;
  const std::shared_ptr<Shared> shared_;
};

}  // namespace yallchat
