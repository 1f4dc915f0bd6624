#include "replica/retention.h"

#include <gtest/gtest.h>

#include <future>

#include "replica/replica_testing.h"

namespace yallchat {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint64_t hour_ms = 3'600'000;

struct RetentionWorld : ReplicaWorld {
  explicit RetentionWorld(Settings wanted) {
    settings = wanted;
    restart();
    ringo = join("octopus", "ringo");
  }
  void restart() {
    stop();
    start();
  }
  void posts(int count) {
    Post post;
    post.session = ringo;
    post.body = "x";
    post.time_ms = clock.wall_ms();
    for (int i = 0; i < count; ++i) ask(post);
    store_all();
  }
  // What was posted is in the store, so that it can be judged.
  void store_all() {
    replica->flush();
    ASSERT_EQ(store->written(), replica->applied());
  }
  // A look is asked of the store in one turn, and its answer taken in another.
  Seqnr floor_after_looks() {
    for (int looks = 0; looks < 3; ++looks) {
      pass(seconds(1));
      std::promise<void> answered;  // the store answers in the order in which it was asked
      store->read(ChannelId(1), Seqnr(1), 1, [&](const auto&) { answered.set_value(); });
      answered.get_future().wait();
      replica->turn();
    }
    return replica->machine().find_channel("octopus")->first;
  }

  SessionId ringo;
};

Settings with(std::uint64_t age_ms, std::uint64_t bytes) {
  // Sessions shall not expire while hours pass.
  return {1'000'000, 0, 0, 0, age_ms, bytes};
}

TEST(Retention, MessagesBeyondTheAgeGo) {
  RetentionWorld w(with(hour_ms, 0));
  w.posts(500);
  w.clock.now += minutes(50);
  w.posts(1200);
  w.clock.now += minutes(12);
  EXPECT_EQ(w.floor_after_looks(), Seqnr(501));
  w.clock.now += minutes(60);
  EXPECT_EQ(w.floor_after_looks(), Seqnr(701));  // the last thousand
  EXPECT_EQ(w.replica->machine().find_channel("octopus")->head, Seqnr(1700));
}

TEST(Retention, MessagesBeyondTheSizeGo) {
  RetentionWorld w(with(0, 1));
  w.posts(1200);
  EXPECT_EQ(w.floor_after_looks(), Seqnr(201));
  w.posts(100);
  EXPECT_EQ(w.floor_after_looks(), Seqnr(301));
}

TEST(Retention, AnAgeThatIsSetLaterHoldsForWhatIsThere) {
  RetentionWorld w(with(0, 0));
  w.posts(1100);
  w.clock.now += hours(2);
  w.settings = with(hour_ms, 0);
  w.restart();
  EXPECT_EQ(w.floor_after_looks(), Seqnr(101));
}

TEST(Retention, WhatIsToBeKeptFromNowOnIsNotTrimmedByTheSettingsBefore) {
  RetentionWorld w(with(hour_ms, 0));
  w.posts(1100);
  w.clock.now += hours(2);
  w.settings = with(1000 * hour_ms, 0);
  w.restart();
  EXPECT_EQ(w.floor_after_looks(), Seqnr(1));
}

TEST(Retention, AFewMoreThanStayInAnyCaseGoWhenTheChannelIsQuiet) {
  RetentionWorld w(with(0, 1));
  w.posts(1010);
  w.replica->turn();
  EXPECT_EQ(w.replica->machine().find_channel("octopus")->first, Seqnr(1));
  EXPECT_EQ(w.floor_after_looks(), Seqnr(11));
}

TEST(Retention, ASizeIsCutWhenItIsExceededAndThenByASixteenth) {
  RetentionWorld w(with(0, 40'000));
  w.posts(1300);  // 26 bytes each, about
  EXPECT_EQ(w.floor_after_looks(), Seqnr(1));
  w.posts(400);
  const Seqnr first = w.floor_after_looks();
  EXPECT_GT(first, Seqnr(100));
  EXPECT_LT(first, Seqnr(600));
  EXPECT_EQ(w.floor_after_looks(), first);
}

TEST(Retention, WhatWentStaysGoneAfterARestart) {
  RetentionWorld w(with(hour_ms, 0));
  w.posts(1100);
  w.clock.now += hours(2);
  EXPECT_EQ(w.floor_after_looks(), Seqnr(101));
  w.restart();
  EXPECT_EQ(w.replica->machine().find_channel("octopus")->first, Seqnr(101));
}

}  // namespace
}  // namespace yallchat
