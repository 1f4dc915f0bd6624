// One thread that runs jobs in the order in which they are given.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace yallchat {

class Worker {
 public:
  Worker();
  // Runs what was given, then ends.
  ~Worker();

  // Any thread.
  void run(std::function<void()> job);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace yallchat
