#include "replica/replica.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/limits.h"
#include "replica/replica_testing.h"

namespace yallchat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Replica, CommandsOfOneTurnAreOneEntryAndAreAnsweredInOrder) {
  ReplicaWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  const Index before = w.log->last();
  std::vector<std::uint64_t> seqnrs;
  for (int i = 0; i < 10; ++i) {
    Post post;
    post.session = ringo;
    post.body = "x";
    w.replica->submit(post, [&](const Outcome& outcome) {
      seqnrs.push_back(std::get<outcome::Posted>(outcome).seqnr.value);
    });
  }
  EXPECT_TRUE(seqnrs.empty()) << "nothing is answered before it is durable";
  w.replica->turn();
  EXPECT_EQ(w.log->last(), before.next());
  EXPECT_EQ(seqnrs, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
}

TEST(Replica, WhatIsLargerThanAnEntryBecomesSeveral) {
  ReplicaWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  const Index before = w.log->last();
  int answered = 0;
  for (int i = 0; i < 30; ++i) {
    Post post;
    post.session = ringo;
    post.body = std::string(100'000, 'x');
    w.replica->submit(post, [&](const Outcome&) { ++answered; });
  }
  w.replica->turn();
  EXPECT_EQ(answered, 30);
  EXPECT_GE(w.log->last().value - before.value, 3u);
}

TEST(Replica, EverythingIsThereAgainAfterAKillBeforeTheStoreWroteAnything) {
  ReplicaWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.post(ringo, "hello");
  const std::uint64_t hash = w.replica->machine().state_hash();
  const Index applied = w.replica->applied();
  w.stop();
  w.open();
  w.replica->recover(w.settings).value();
  EXPECT_GT(w.replica->applied(), applied) << "recovery adds its own command";
  EXPECT_NE(w.replica->machine().state_hash(), hash);
  EXPECT_EQ(w.replica->machine().find_channel("octopus")->head, Seqnr(1));
  EXPECT_EQ(w.session(ringo).user.text, "ringo");
  EXPECT_EQ(w.post(ringo, "again"), Outcome(outcome::Posted(Seqnr(2), false)));
}

TEST(Replica, AfterACleanStopNothingIsReplayed) {
  ReplicaWorld w;
  w.post(w.join("octopus", "ringo"), "hello");
  w.replica->flush();
  EXPECT_EQ(w.store->written(), w.replica->applied());
  EXPECT_EQ(w.store->checkpointed(), w.replica->applied());
}

TEST(Replica, TheStoreIsWrittenInLots) {
  ReplicaWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.store->flush();
  w.pass(seconds(1));
  w.store->flush();
  const Index before = w.store->written();
  w.post(ringo, "one");
  w.post(ringo, "two");
  w.store->flush();
  EXPECT_EQ(w.store->written(), before);
  w.pass(milliseconds(250));
  w.store->flush();
  EXPECT_EQ(w.store->written(), w.replica->applied());
}

TEST(Replica, PostsAreRefusedWhileTheDiskIsFullAndWorkAgainAfter) {
  ReplicaWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.disk.fault = [](FakeDisk::Operation operation, const std::string&) -> std::optional<Error> {
    if (operation == FakeDisk::Operation::allocate || operation == FakeDisk::Operation::create)
      return Error{Errc::full, "no space"};
    return std::nullopt;
  };
  const std::string body(200'000, 'x');
  Outcome last;
  std::uint64_t acknowledged = 0;
  for (int i = 0; i < 50; ++i) {
    last = w.post(ringo, body);
    if (std::holds_alternative<outcome::Posted>(last)) ++acknowledged;
  }
  EXPECT_EQ(last, Outcome(outcome::Refused{Refusal::unavailable}));
  w.disk.fault = nullptr;
  EXPECT_EQ(w.post(ringo, body), Outcome(outcome::Posted(Seqnr(acknowledged + 1), false)));
}

TEST(Replica, ASecondIsATickOnlyWhileThereAreSessions) {
  ReplicaWorld w;
  w.pass(seconds(5));
  EXPECT_EQ(w.replica->machine().now(), Tick(0));
  w.join("octopus", "ringo");
  const Tick start = w.replica->machine().now();
  w.pass(seconds(1));
  w.pass(milliseconds(999));
  EXPECT_EQ(w.replica->machine().now(), Tick(start.value + 1));
  w.pass(seconds(100));
  EXPECT_EQ(w.replica->machine().now(), Tick(start.value + 2)) << "no catching up";
}

TEST(Replica, SettingsAreProposedOnceAndHoldAfterARestart) {
  ReplicaWorld w;
  w.stop();
  w.settings.max_channels = 1;
  w.start();
  EXPECT_EQ(w.replica->machine().settings().max_channels, 1u);
  const Index applied = w.replica->applied();
  w.stop();
  w.start();
  EXPECT_EQ(w.replica->applied(), applied) << "the same settings need no command";
}

TEST(Replica, SettingsThatFoundNoRoomAtTheStartAreProposedAgain) {
  ReplicaWorld w;
  w.join("octopus", "ringo");
  w.stop();
  w.disk.capacity_bytes = 0;
  for (const auto& [name, content] : w.disk.files()) w.disk.capacity_bytes += content.size();
  w.disk.capacity_bytes += 16 * 1024;  // for the last entry's copy, not for a segment
  w.settings.max_channels = 1;
  w.start();
  ASSERT_EQ(w.replica->machine().settings().max_channels, 0u);
  w.disk.capacity_bytes = ~std::uint64_t{0};
  w.pass(seconds(1));
  EXPECT_EQ(w.replica->machine().settings().max_channels, 1u);
}

TEST(Replica, MoreThanMayBePendingIsRefusedAtOnce) {
  ReplicaWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  Post post;
  post.session = ringo;
  post.body = std::string(100'000, 'x');
  int refused = 0;
  int asked = 0;
  while (refused == 0 && asked < 1000) {
    ++asked;
    w.replica->submit(post, [&](const Outcome& outcome) {
      if (outcome == Outcome(outcome::Refused{Refusal::unavailable})) ++refused;
    });
  }
  EXPECT_EQ(refused, 1);
  EXPECT_LE(asked, 1 + static_cast<int>(limits::pending_command_bytes / post.body.size()));
  w.replica->turn();
}

TEST(Replica, PostsAreRefusedAtHalfOfWhatMayBeUnstoredAndTimeGoesOn) {
  ReplicaWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  w.store->flush();
  // The store has been given one lot and is not asked whether it is done: the clock stands still.
  const std::string body(limits::max_message_ceiling, 'x');
  Outcome last = outcome::Done{};
  for (int i = 0; i < 200 && last != Outcome(outcome::Refused{Refusal::unavailable}); ++i) {
    Post post;
    post.session = ringo;
    post.body = body;
    w.replica->submit(post, [&](const Outcome& outcome) { last = outcome; });
    if (w.replica->unstored_bytes() < limits::unstored_bytes_refuse) w.replica->turn();
  }
  if (w.replica->unstored_bytes() >= limits::unstored_bytes_refuse) {
    EXPECT_EQ(last, Outcome(outcome::Refused{Refusal::unavailable}));
  }
  EXPECT_LE(w.replica->unstored_bytes(), limits::unstored_bytes);
  w.pass(seconds(1));
  w.replica->flush();
  EXPECT_EQ(w.replica->unstored_bytes(), 0u);
  EXPECT_TRUE(std::holds_alternative<outcome::Posted>(w.post(ringo, "again")));
}

TEST(Replica, RecoveryOfALongLogKeepsTheStoresPaceSoThatPostsAreTakenAtOnce) {
  ReplicaWorld w;
  const SessionId ringo = w.join("octopus", "ringo");
  const std::string body(limits::max_message_ceiling, 'x');
  const std::uint64_t posts = limits::unstored_bytes_refuse / body.size() + 8;
  for (std::uint64_t i = 0; i < posts; ++i) {
    w.post(ringo, body);
    while (!w.store->idle()) std::this_thread::yield();
  }
  w.stop();
  // The store is lost; the log was never trimmed, so it is made anew.
  std::filesystem::remove_all(w.directory);
  std::filesystem::create_directories(w.directory);
  w.start();
  EXPECT_LT(w.replica->unstored_bytes(), limits::unstored_bytes_refuse);
  EXPECT_EQ(w.post(ringo, "next"), Outcome(outcome::Posted(Seqnr(posts + 1), false)));
}

}  // namespace
}  // namespace yallchat
