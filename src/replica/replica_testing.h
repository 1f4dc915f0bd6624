// What the tests of replica and hub share: the real log and store, a clock that is set by hand.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "log/fake_disk.h"
#include "log/local_log.h"
#include "log/log_testing.h"
#include "replica/replica.h"
#include "store/store.h"

namespace yallchat {

class ManualClock final : public Clock {
 public:
  Monotonic monotonic() const override { return now; }
  std::int64_t wall_ms() const override { return 1'700'000'000'000 + now.count() / 1'000'000; }

  Monotonic now = std::chrono::hours(1);
};

// A server without its front ends. Can be stopped and started again on the same disk.
class ReplicaWorld {
 public:
  ReplicaWorld() {
    static int count = 0;
    directory = std::filesystem::path(testing::TempDir()) /
                ("yallchat-replica-" + std::to_string(getpid()) + "-" + std::to_string(++count));
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
    start();
  }
  ~ReplicaWorld() {
    stop();
    std::filesystem::remove_all(directory);
  }

  // Up to where nothing is applied yet: a listener may be set.
  void open() {
    store = Store::open({.file = directory / "yallchat.db",
                         .on_written = [] {},
                         // A trim in the middle of a test would depend on how fast it runs.
                         .checkpoint_wal_bytes = 1 << 30,
                         .checkpoint_interval = std::chrono::hours(1)})
                .value();
    auto contents = store->load().value();
    log = LocalLog::open({.directory = "log",
                          .disk = disk,
                          .random = random,
                          .opened_after = contents.position,
                          .segment_bytes = 4 * limits::MiB,
                          .background = [](std::function<void()> job) { job(); }})
              .value();
    auto machine = StateRows::load(contents.rows, contents.state_hash).value();
    replica.emplace(Replica::Options{*log, *store, clock, std::move(machine), contents.position});
  }
  void start() {
    open();
    const auto recovered = replica->recover(settings);
    ASSERT_TRUE(recovered) << recovered.error().message;
  }
  // As kill -9 does: nothing more is written, what is cached stays.
  void stop() {
    replica.reset();
    log.reset();
    store.reset();
  }

  // Submits and turns until it is answered.
  Outcome ask(Command command) {
    std::optional<Outcome> answer;
    replica->submit(std::move(command), [&](const Outcome& outcome) { answer = outcome; });
    replica->turn();
    EXPECT_TRUE(answer.has_value());
    return answer.value_or(Outcome(outcome::Done{}));
  }
  SessionId join(const std::string& channel, const std::string& user) {
    Join join;
    join.channel = {channel, channel};
    join.user = {user, user, {user}, true};
    random.fill(join.key);
    return std::get<outcome::Joined>(ask(join)).session;
  }
  Outcome post(SessionId session, const std::string& body) {
    Post post;
    post.session = session;
    post.body = body;
    return ask(post);
  }
  const Session& session(SessionId id) const { return *replica->machine().find_session(id); }
  void pass(Monotonic time) {
    clock.now += time;
    replica->turn();
  }

  std::filesystem::path directory;
  FakeDisk disk;
  SeededRandom random{1};
  ManualClock clock;
  Settings settings;
  std::unique_ptr<Store> store;
  std::unique_ptr<LocalLog> log;
  std::optional<Replica> replica;
};

}  // namespace yallchat
