#include "machine/state_rows.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "base/limits.h"
#include "machine/machine_test_world.h"

namespace yallchat {
namespace {

// What a store would hold.
struct Rows {
  std::map<std::tuple<std::uint32_t, std::uint64_t, std::uint64_t>, std::string> kept;

  void take(Machine& machine) {
    for (const StateRow& row : StateRows::take_changes(machine)) {
      const auto key = std::tuple(row.kind, row.owner, row.id);
      if (row.value)
        kept[key] = *row.value;
      else
        kept.erase(key);
    }
  }
  std::vector<StateRow> all() const {
    std::vector<StateRow> rows;
    for (const auto& [key, value] : kept)
      rows.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), value});
    return rows;
  }
};

Command random_command(std::mt19937& random, World& w) {
  const auto any_session = [&] { return SessionId(random() % 60); };
  switch (random() % 9) {
    case 0:
    case 1: {
      Join join = w.join_command("c" + std::to_string(random() % 5),
                                 ascii_user("u" + std::to_string(random() % 9)));
      if (random() % 2) join.token = token_number(random() % 3);
      if (random() % 3 == 0) join.used_position = Seqnr(random() % 5);
      return join;
    }
    case 2: return Leave{any_session()};
    case 3:
      return Touch{
          any_session(), Tick(random() % 50), Seqnr(random() % 9), random() % 9, {Seqnr(3)}};
    case 4: return Advance{w.machine.now()};
    case 5:
      return Settings{3 + random() % 20, random() % 6, random() % 30,
                      random() % 2 * 4,  random() % 2, random() % 2};
    case 6: return Trim{ChannelId(random() % 6), Seqnr(random() % 9)};
    default: {
      Post post;
      post.session = any_session();
      post.body = "text " + std::to_string(random() % 4);
      post.time_ms = static_cast<std::int64_t>(random() % 1000);
      if (random() % 2)
        post.keyed = Post::Keyed{token_number(random() % 20), token_number(random() % 2)};
      return post;
    }
  }
}

// Two machines are the same when they answer the same, for ever.
TEST(StateRows, AMachineLoadedAtAnyPointGoesOnLikeTheOneThatNeverStopped) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    World original;
    Rows rows;
    for (int step = 0; step < 300; ++step) {
      original.apply(random_command(random, original));
      if (random() % 7 == 0) rows.take(original.machine);
    }
    rows.take(original.machine);
    World restored = original;
    auto loaded = StateRows::load(rows.all(), original.machine.state_hash());
    ASSERT_TRUE(loaded) << loaded.error().message;
    restored.machine = std::move(*loaded);
    for (int step = 0; step < 300; ++step) {
      const Command command = random_command(random, original);
      restored.keys = original.keys;
      ASSERT_EQ(original.apply(command), restored.apply(command)) << "seed " << seed;
      ASSERT_EQ(original.effects.size(), restored.effects.size()) << "seed " << seed;
    }
    EXPECT_EQ(original.machine.state_hash(), restored.machine.state_hash());
    Rows again = rows;
    again.take(restored.machine);
    rows.take(original.machine);
    EXPECT_EQ(rows.kept, again.kept) << "seed " << seed;
  }
}

TEST(StateRows, OnlyWhatChangedIsWritten) {
  World w;
  const SessionId ringo = w.joined("octopus", "ringo");
  w.joined("squid", "paul");
  StateRows::take_changes(w.machine);
  w.post(ringo, "hello");
  EXPECT_EQ(StateRows::take_changes(w.machine).size(), 3u)
      << "partition, channel, session (now used)";
  w.post(ringo, "hello again");
  EXPECT_EQ(StateRows::take_changes(w.machine).size(), 2u) << "partition, channel";
}

TEST(StateRows, ARowThatDoesNotReadIsNamed) {
  World w;
  w.joined("octopus", "ringo");
  auto rows = StateRows::take_changes(w.machine);
  rows.push_back({9, 0, 5, "?"});
  const auto result = StateRows::load(rows, 0);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::damaged);
  EXPECT_NE(result.error().message.find("(9, 0, 5)"), std::string::npos);
}

TEST(StateRows, ALoadedMachineStillBoundsItsKeyedPosts) {
  World w;
  Rows rows;
  const SessionId ringo = w.joined("octopus", "ringo");
  for (std::uint64_t i = 0; i < limits::keyed_posts_floor + 50; ++i) w.keyed_post(ringo, "x", i);
  rows.take(w.machine);
  w.machine = StateRows::load(rows.all(), w.machine.state_hash()).value();
  w.apply(Settings{limits::keyed_posts_ticks * 3, 0, 0, 0});
  w.ticks(limits::keyed_posts_ticks + 10);
  w.keyed_post(ringo, "x", 1'000'000);
  EXPECT_EQ(w.machine.find_channel("octopus")->keyed.size(), limits::keyed_posts_floor);
}

}  // namespace
}  // namespace yallchat
