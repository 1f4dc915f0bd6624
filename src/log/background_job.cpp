#include "log/background_job.h"

#include "base/check.h"

namespace yallchat {

// Says so however the work ends: an owner that waits for one that threw would wait for ever.
struct BackgroundJob::Ended {
  Shared& shared;
  ~Ended() {
    const std::lock_guard lock(shared.mutex);
    shared.state = State::idle;
    shared.ended.notify_all();
  }
};

BackgroundJob::BackgroundJob(RunInBackground run)
    : run_(std::move(run)), shared_(std::make_shared<Shared>()) {}

BackgroundJob::~BackgroundJob() {
  finish();
}

void BackgroundJob::start(std::function<void()> work) {
  std::uint64_t ticket;
  {
    const std::lock_guard lock(shared_->mutex);
    CHECK(shared_->state == State::idle, "a background job is started while one is under way");
    shared_->state = State::queued;
    ticket = ++shared_->ticket;
  }
  run_([shared = shared_, ticket, work = std::move(work)] {
    {
      const std::lock_guard lock(shared->mutex);
      if (shared->state != State::queued || shared->ticket != ticket) return;
      shared->state = State::running;
    }
    const Ended ended{*shared};
    work();
  });
}

bool BackgroundJob::busy() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->state != State::idle;
}

void BackgroundJob::finish() {
  std::unique_lock lock(shared_->mutex);
  if (shared_->state == State::queued) shared_->state = State::idle;
  shared_->ended.wait(lock, [this] { return shared_->state == State::idle; });
}

}  // namespace yallchat
