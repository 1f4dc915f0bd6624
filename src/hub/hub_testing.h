// What the tests of the hub share: a server without front ends, whose polls are asked by hand.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "hub/hub.h"
#include "replica/replica_testing.h"

namespace yallchat {

// The loop's queue: what the store's thread brings back.
class Inbox {
 public:
  void post(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    wake_.notify_one();
  }
  void run_one() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return !jobs_.empty(); });
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
};

// A store whose reads are held back until the test lets them go.
class HeldReads final : public Store {
 public:
  explicit HeldReads(Store& store) : store_(store) {}

  Result<Contents> load() override { return store_.load(); }
  void write(StoreBatch batch) override { store_.write(std::move(batch)); }
  bool idle() const override { return store_.idle(); }
  Index written() const override { return store_.written(); }
  Index checkpointed() const override { return store_.checkpointed(); }
  void flush() override { store_.flush(); }
  void find_floor(FloorQuery query, FloorDone done) override {
    store_.find_floor(query, std::move(done));
  }
  void read(ChannelId channel, Seqnr from, std::size_t limit, ReadDone done) override {
    held_.push_back([this, channel, from, limit, done = std::move(done)] {
      store_.read(channel, from, limit, done);
    });
  }
  // Whether there was one.
  bool release() {
    const auto reads = std::exchange(held_, {});
    for (const auto& read : reads) read();
    return !reads.empty();
  }

 private:
  Store& store_;
  std::vector<std::function<void()>> held_;
};

class HubWorld : public ReplicaWorld {
 public:
  HubWorld() { start_hub(); }
  ~HubWorld() { hub.reset(); }

  // With a hub that saw everything from the start.
  void start_hub() {
    stop();
    open();
    hub.emplace(*replica, *store, clock,
                [this](std::function<void()> job) { inbox.post(std::move(job)); });
    ASSERT_TRUE(replica->recover(settings));
  }
  void restart() {
    hub.reset();
    start_hub();
  }
  // With a hub that reads old messages through this.
  void read_through(Store& reads) {
    hub.reset();
    hub.emplace(*replica, reads, clock,
                [this](std::function<void()> job) { inbox.post(std::move(job)); });
  }
  // After it the history is in the store only.
  void restart_clean() {
    hub->save_cursors();
    replica->turn();
    replica->flush();
    restart();
  }

  poll::Answer ask_poll(SessionId id, Position position = {}) {
    std::optional<poll::Answer> answer;
    hub->poll(session(id), {.position = position},
              [&](const poll::Answer& next) { answer = next; });
    while (!answer) inbox.run_one();
    return *answer;
  }
  // What a client sees of a poll whose answer arrives.
  std::string read(SessionId id, Position position = {}) {
    const poll::Answer answer = ask_poll(id, position);
    if (std::holds_alternative<poll::Nothing>(answer)) return "(nothing)";
    hub->delivered(id, true);
    return text(answer);
  }
  static std::string text(const poll::Answer& answer) {
    if (const auto* event = std::get_if<poll::Event>(&answer)) return event->message->body;
    if (const auto* directory = std::get_if<Directory>(&answer)) return *directory->json;
    if (const auto* damaged = std::get_if<poll::Damaged>(&answer))
      return "(damaged " + std::to_string(damaged->seqnr.value) + ")";
    if (std::holds_alternative<poll::SessionOver>(answer)) return "(over)";
    if (std::holds_alternative<poll::TooMany>(answer)) return "(too many)";
    return "(nothing)";
  }
  static Position at(std::uint64_t n) { return {Seqnr(n), std::nullopt}; }
  static Position once(std::uint64_t n) { return {std::nullopt, Seqnr(n)}; }

  Inbox inbox;
  std::optional<Hub> hub;
};

}  // namespace yallchat
