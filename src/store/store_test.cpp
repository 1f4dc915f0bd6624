#include "store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "store/store_testing.h"

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StoreTest : public testing::Test {
 protected:
  TemporaryDirectory directory_;
};

TEST_F(StoreTest, BeginsEmptyAtPositionZero) {
  OpenStore store(directory_.file());
  EXPECT_EQ(store.contents.position, Index(0));
  EXPECT_THAT(store.contents.rows, IsEmpty());
  EXPECT_THAT(store.read(1, 1), IsEmpty());
  EXPECT_TRUE(store->idle());
  EXPECT_EQ(store->written(), Index(0));
}

TEST_F(StoreTest, GivesBackStatePositionAndHistoryAfterReopening) {
  const std::string binary("\0\xFF' ", 4);
  const std::uint64_t large = ~std::uint64_t{0} - 1;
  {
    OpenStore store(directory_.file());
    auto batch = batch_of(12, 3, 1, 5);
    batch.rows = {{2, large, 7, "beyond 2^63"},
                  {1, 9, 2, "old"},
                  {1, 9, 1, binary},
                  {2, 1, 1, ""},
                  {2, 3, 1, ""}};
    store.write(std::move(batch));
    StoreBatch second = batch_at(13);
    second.state_hash = ~0ULL;
    second.rows = {{1, 9, 2, "new"}, {2, 1, 1, std::nullopt}, {5, 5, 5, std::nullopt}};
    store.write(std::move(second));
    EXPECT_EQ(store->written(), Index(13));
  }
  OpenStore store(directory_.file());
  EXPECT_EQ(store.contents.position, Index(13));
  EXPECT_EQ(store.contents.state_hash, ~0ULL);
  EXPECT_THAT(store.contents.rows,
              ElementsAre(StateRow{1, 9, 1, binary}, StateRow{1, 9, 2, "new"},
                          StateRow{2, 3, 1, ""}, StateRow{2, large, 7, "beyond 2^63"}));
  const auto items = store.read(3, 1);
  EXPECT_EQ(seqnrs(items), range(1, 5));
  EXPECT_THAT(damaged_seqnrs(items), IsEmpty());
  EXPECT_TRUE(all_as_written(items, 3));
  EXPECT_EQ(store->written(), Index(13));
}

TEST_F(StoreTest, ReadsEachOfManyInterleavedChannelsInOrderPageByPage) {
  constexpr std::uint64_t channels = 7;
  constexpr std::uint64_t messages = 300;
  OpenStore store(directory_.file());
  std::uint64_t written = 0;
  for (std::uint64_t transaction = 1; written < messages; ++transaction) {
    StoreBatch batch = batch_at(transaction);
    const std::uint64_t end = std::min(messages, written + transaction * 5);
    for (; written < end; ++written) {
      for (std::uint64_t channel = 1; channel <= channels; ++channel) {
        batch.messages.push_back(message(channel, written + 1, body_of(channel, written + 1)));
      }
    }
    store.write(std::move(batch));
  }
  for (std::uint64_t channel = 1; channel <= channels; ++channel) {
    for (std::uint64_t from = 1; from <= messages;) {
      const auto items = store.read(channel, from, 50);
      ASSERT_EQ(seqnrs(items), range(from, std::min(from + 49, messages)));
      ASSERT_THAT(damaged_seqnrs(items), IsEmpty());
      ASSERT_TRUE(all_as_written(items, channel));
      from += items.size();
    }
  }
}

TEST_F(StoreTest, AReadBeginsAnywhereAndIsEmptyBeyondTheEnd) {
  OpenStore store(directory_.file());
  store.write(batch_of(1, 1, 1, 100));
  store.write(batch_of(2, 1, 101, 102));
  EXPECT_EQ(seqnrs(store.read(1, 0, 2)), range(1, 2));
  EXPECT_EQ(seqnrs(store.read(1, 63, 4)), range(63, 66));
  EXPECT_EQ(seqnrs(store.read(1, 99)), range(99, 102));
  EXPECT_EQ(seqnrs(store.read(1, 102)), range(102, 102));
  EXPECT_THAT(store.read(1, 103), IsEmpty());
  EXPECT_THAT(store.read(1, ~0ULL), IsEmpty());
  EXPECT_THAT(store.read(2, 1), IsEmpty());
  EXPECT_THAT(store.read(1, 1, 0), IsEmpty());
}

TEST_F(StoreTest, APageIsBoundedInBytesButHoldsAtLeastOneMessage) {
  OpenStore store(directory_.file());
  StoreBatch batch = batch_at(1);
  const std::size_t bytes = limits::history_page_bytes / 4;
  for (int seqnr = 1; seqnr <= 8; ++seqnr) {
    batch.messages.push_back(message(1, seqnr, std::string(bytes, 'x')));
  }
  batch.messages.push_back(message(1, 9, std::string(limits::max_message_ceiling, 'y')));
  batch.messages.push_back(message(1, 10, "z"));
  store.write(std::move(batch));
  EXPECT_EQ(seqnrs(store.read(1, 1)), range(1, 3));
  EXPECT_EQ(seqnrs(store.read(1, 9)), range(9, 9));
  EXPECT_EQ(seqnrs(store.read(1, 8)), range(8, 8));
}

TEST_F(StoreTest, BelowAFloorNothingIsReadAndItsRowsAreDeleted) {
  {
    OpenStore store(directory_.file());
    store.write(batch_of(1, 1, 1, 300));
    store.write(batch_of(2, 2, 1, 300));
    StoreBatch batch = batch_at(3);
    batch.floors = {{ChannelId(1), Seqnr(200)}};
    store.write(std::move(batch));
    EXPECT_EQ(seqnrs(store.read(1, 1, 3)), range(200, 202));
    EXPECT_EQ(seqnrs(store.read(1, 250, 3)), range(250, 252));
    EXPECT_EQ(seqnrs(store.read(2, 1, 3)), range(1, 3));
  }
  OpenStore store(directory_.file());
  EXPECT_EQ(seqnrs(store.read(1, 1, 3)), range(200, 202));
  store->flush();
  const std::string bytes = read_bytes(directory_.file());
  EXPECT_THAT(bytes, HasSubstr(body_of(1, 200)));
  EXPECT_THAT(bytes, HasSubstr(body_of(2, 1)));
}

std::uint64_t count_rows(const std::filesystem::path& file, const std::string& table) {
  SqliteConnection connection;
  Statement count;
  EXPECT_EQ(connection.open(file, SQLITE_OPEN_READWRITE), SQLITE_OK);
  EXPECT_EQ(count.prepare(connection, "SELECT count(*) FROM " + table), SQLITE_OK);
  EXPECT_EQ(count.step(), SQLITE_ROW);
  return count.integer(0);
}

// Waits for the store to become so, for at most as long as a test may hang.
template <class Condition>
bool eventually(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST_F(StoreTest, AMuchShortenedRetentionIsDeletedInSteps) {
  // A row a message, and more of them than one step deletes.
  constexpr std::uint64_t messages = 2 * limits::chunks_deleted_a_step + 100;
  OpenStore store(directory_.file());
  for (std::uint64_t seqnr = 1; seqnr <= messages; ++seqnr) {
    store.write(batch_of(seqnr, 1, seqnr, seqnr));
  }
  StoreBatch batch = batch_at(messages + 1);
  batch.floors = {{ChannelId(1), Seqnr(messages - 9)}};
  store.write(std::move(batch));
  EXPECT_EQ(seqnrs(store.read(1, 1)), range(messages - 9, messages));
  EXPECT_TRUE(eventually([&] { return count_rows(directory_.file(), "history") == 10; }));
}

TEST_F(StoreTest, WhatAKilledProcessLeftBelowAFloorIsDeletedByTheNext) {
  {
    OpenStore store(directory_.file());
    store.write(batch_of(1, 1, 1, 640));
    StoreBatch batch = batch_at(2);
    batch.floors = {{ChannelId(1), Seqnr(600)}};
    store.write(std::move(batch));
  }
  EXPECT_EQ(count_rows(directory_.file(), "history"), 1u);
  run_sql(directory_.file(), "INSERT INTO history VALUES (900, 1, 65, 128, x'00')");
  OpenStore store(directory_.file());
  EXPECT_TRUE(eventually([&] { return count_rows(directory_.file(), "history") == 1; }));
  EXPECT_EQ(seqnrs(store.read(1, 1)), range(600, 640));
}

TEST_F(StoreTest, AChannelWhoseLastMessageIsBelowItsFloorLeavesNothingBehind) {
  OpenStore store(directory_.file());
  store.write(batch_of(1, 1, 1, 100));
  StoreBatch batch = batch_at(2);
  batch.floors = {{ChannelId(1), Seqnr(101)}, {ChannelId(2), Seqnr(1)}};
  store.write(std::move(batch));
  EXPECT_THAT(store.read(1, 1), IsEmpty());
  EXPECT_EQ(count_rows(directory_.file(), "history"), 0u);
  EXPECT_EQ(count_rows(directory_.file(), "channels"), 0u);
  store.write(batch_of(3, 1, 101, 102));
  EXPECT_EQ(seqnrs(store.read(1, 1)), range(101, 102));
}

TEST_F(StoreTest, FlushCheckpointsSoThatTheFileAloneHasEverything) {
  {
    OpenStore store(directory_.file());
    store.begin_write(batch_of(5, 1, 1, 10));
    store->flush();
    EXPECT_EQ(store->written(), Index(5));
    EXPECT_EQ(store->checkpointed(), Index(5));
  }
  std::filesystem::remove(directory_.file().string() + "-wal");
  OpenStore store(directory_.file());
  EXPECT_EQ(store.contents.position, Index(5));
  EXPECT_EQ(seqnrs(store.read(1, 1)), range(1, 10));
}

TEST_F(StoreTest, WithoutACheckpointTheFirstThingAfterLoadingIsOne) {
  { OpenStore(directory_.file()).write(batch_of(5, 1, 1, 10)); }
  OpenStore store(directory_.file());
  EXPECT_EQ(store->written(), Index(5));
  EXPECT_TRUE(eventually([&] { return store->checkpointed() == Index(5); }));
}

TEST_F(StoreTest, ACheckpointFollowsEnoughBytes) {
  OpenStore store(directory_.file(), 1);
  store->flush();
  store.write(batch_of(5, 1, 1, 10));
  EXPECT_TRUE(eventually([&] { return store->checkpointed() == Index(5); }));
}

TEST_F(StoreTest, ACheckpointFollowsTheLastWriteAfterSomeTime) {
  OpenStore store(directory_.file(), 64 << 20, std::chrono::milliseconds(1));
  store->flush();
  store.write(batch_of(5, 1, 1, 10));
  EXPECT_TRUE(eventually([&] { return store->checkpointed() == Index(5); }));
}

TEST_F(StoreTest, WritesWhatWasHandedOverAndAnswersWhatWasAskedBeforeItEnds) {
  std::atomic<int> answers = 0;
  {
    OpenStore store(directory_.file());
    store.write(batch_of(1, 1, 1, 100));
    for (int i = 0; i < 50; ++i) {
      store->read(ChannelId(1), Seqnr(1), 64,
                  [&](const auto& items) { answers += items.size() == 64; });
    }
    store.begin_write(batch_of(2, 1, 101, 200));
  }
  EXPECT_EQ(answers, 50);
  OpenStore store(directory_.file());
  EXPECT_EQ(store.contents.position, Index(2));
  EXPECT_EQ(seqnrs(store.read(1, 190)), range(190, 200));
}

TEST_F(StoreTest, AnOlderCopyIsAStoreAtItsOwnPosition) {
  const auto copy = directory_.file().string() + ".copy";
  OpenStore store(directory_.file());
  store.write(batch_of(5, 1, 1, 10));
  store->flush();
  std::filesystem::copy_file(directory_.file(), copy);
  store.write(batch_of(6, 1, 11, 20));
  OpenStore older(copy);
  EXPECT_EQ(older.contents.position, Index(5));
  EXPECT_EQ(seqnrs(older.read(1, 9)), range(9, 10));
}

using StoreDeathTest = StoreTest;

TEST_F(StoreDeathTest, AGapInAChannelIsABugThatStopsTheProcess) {
  EXPECT_EXIT(
      {
        OpenStore store(directory_.file());
        store.write(batch_of(1, 1, 1, 10));
        store.write(batch_of(2, 1, 12, 13));
      },
      testing::ExitedWithCode(1), "channel 1 ends at 10");
}

}  // namespace
}  // namespace yallchat
