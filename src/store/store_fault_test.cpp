// A full disk, a sync that fails, a process that is killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/faulty_disk.h"
#include "store/store.h"
#include "store/store_testing.h"

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(StoreFault, AFullDiskIsWaitedOutAndNothingIsLost) {
  FaultyDisk disk;
  TemporaryDirectory directory;
  {
    OpenStore store(directory.file());
    store.write(batch_of(1, 1, 1, 10));
    disk.wal_is_full = true;
    auto batch = batch_of(2, 1, 11, 200);
    batch.rows = {{1, 1, 1, "value"}};
    store.begin_write(std::move(batch));
    disk.refused.wait(0);
    EXPECT_FALSE(store->idle());
    EXPECT_EQ(store->written(), Index(1));
    EXPECT_EQ(seqnrs(store.read(1, 1)), range(1, 10));  // reads go on
    disk.wal_is_full = false;
    store.wait_written();
    EXPECT_TRUE(store->idle());
    store.write(batch_of(3, 1, 201, 202));
  }
  OpenStore store(directory.file());
  EXPECT_EQ(store.contents.position, Index(3));
  EXPECT_THAT(store.contents.rows, ElementsAre(StateRow{1, 1, 1, "value"}));
  EXPECT_EQ(seqnrs(store.read(1, 1, 300)), range(1, 202));
  EXPECT_THAT(damaged_seqnrs(store.read(1, 1, 300)), IsEmpty());
}

TEST(StoreFault, OnAFullDiskItStillEndsAndLeavesTheBatchToTheLog) {
  FaultyDisk disk;
  TemporaryDirectory directory;
  {
    OpenStore store(directory.file());
    store.write(batch_of(1, 1, 1, 10));
    disk.wal_is_full = true;
    store.begin_write(batch_of(2, 1, 11, 20));
    store->flush();
    EXPECT_EQ(store->written(), Index(1));
  }
  disk.wal_is_full = false;
  OpenStore store(directory.file());
  EXPECT_EQ(store.contents.position, Index(1));
  EXPECT_EQ(seqnrs(store.read(1, 1)), range(1, 10));
}

TEST(StoreFault, ACheckpointWithoutSpaceHoldsTheLogBackAndIsTriedAgain) {
  FaultyDisk disk;
  TemporaryDirectory directory;
  OpenStore store(directory.file());
  store->flush();
  disk.database_is_full = true;
  store.write(batch_of(1, 1, 1, 10));
  store->flush();
  EXPECT_GE(disk.refused, 1);
  EXPECT_EQ(store->written(), Index(1));
  EXPECT_EQ(store->checkpointed(), Index(0));
  disk.database_is_full = false;
  store->flush();
  EXPECT_EQ(store->checkpointed(), Index(1));
}

TEST(StoreFaultDeathTest, AFailedSyncStopsTheProcess) {
  FaultyDisk disk;
  TemporaryDirectory directory;
  EXPECT_EXIT(
      {
        OpenStore store(directory.file());
        store->flush();
        disk.syncs_fail = true;
        store.write(batch_of(1, 1, 1, 10));
      },
      testing::ExitedWithCode(1), "the store cannot be written: disk I/O error");
}

// SQLite takes a damaged frame for the end of the write-ahead log. What came after is lost here,
// not in the log: the position says so, and state and history agree with it.
TEST(StoreFault, ADamagedWriteAheadLogLeavesAnEarlierPositionThatIsWhole) {
  TemporaryDirectory directory;
  const std::string wal = directory.file().string() + "-wal";
  std::uintmax_t size_at_two = 0;
  {
    OpenStore store(directory.file());
    store->flush();
    for (std::uint64_t position = 1; position <= 4; ++position) {
      auto batch = batch_of(position, 1, position, position);
      batch.rows = {{1, 1, 1, std::to_string(position)}};
      store.write(std::move(batch));
      if (position == 2) size_at_two = std::filesystem::file_size(wal);
    }
  }
  std::string bytes = read_bytes(wal);
  bytes[size_at_two + 100] ^= 0x10;
  write_bytes(wal, bytes);
  OpenStore store(directory.file());
  EXPECT_EQ(store.contents.position, Index(2));
  EXPECT_THAT(store.contents.rows, ElementsAre(StateRow{1, 1, 1, "2"}));
  EXPECT_EQ(seqnrs(store.read(1, 1)), range(1, 2));
}

constexpr std::uint64_t channels = 3;

// At position p each channel has p messages and one state row says p.
StoreBatch batch_of_all(std::uint64_t position) {
  StoreBatch batch = batch_at(position);
  for (std::uint64_t channel = 1; channel <= channels; ++channel) {
    batch.messages.push_back(message(channel, position, body_of(channel, position)));
    batch.rows.push_back({1, channel, position % 5, std::to_string(position)});
  }
  return batch;
}

// Writes for ever, and tells each position that is durable.
[[noreturn]] void write_until_killed(const std::filesystem::path& file, int durable) {
  OpenStore store(file, 64 * 1024);  // so that kills meet checkpoints too
  for (std::uint64_t position = store.contents.position.value + 1;; ++position) {
    store.write(batch_of_all(position));
    if (::write(durable, &position, sizeof(position)) != sizeof(position)) ::_exit(1);
  }
}

// The last position that a process told before it was killed, which was after count of them.
std::uint64_t run_and_kill(const std::filesystem::path& file, int count) {
  int durable[2];
  EXPECT_EQ(::pipe(durable), 0);
  const pid_t child = ::fork();
  if (child == 0) write_until_killed(file, durable[1]);
  ::close(durable[1]);
  std::uint64_t position = 0;
  for (int i = 0; i < count; ++i) EXPECT_EQ(::read(durable[0], &position, 8), 8);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  while (::read(durable[0], &position, 8) == 8) continue;
  ::close(durable[0]);
  return position;
}

TEST(StoreFault, AProcessKilledInTheMidstOfWritingLosesNothingThatItToldDurable) {
  TemporaryDirectory directory;
  for (int round = 1; round <= 8; ++round) {
    const std::uint64_t told = run_and_kill(directory.file(), round * 7);
    OpenStore store(directory.file());
    const std::uint64_t position = store.contents.position.value;
    ASSERT_GE(position, told);
    ASSERT_LE(position, told + 1);
    EXPECT_EQ(store.contents.state_hash, position * 3);
    for (std::uint64_t channel = 1; channel <= channels; ++channel) {
      std::vector<std::uint64_t> found;
      for (auto items = store.read(channel, 1); !items.empty();
           items = store.read(channel, found.size() + 1)) {
        ASSERT_TRUE(all_as_written(items, channel));
        ASSERT_THAT(damaged_seqnrs(items), IsEmpty());
        for (const std::uint64_t seqnr : seqnrs(items)) found.push_back(seqnr);
      }
      ASSERT_EQ(found, range(1, position));
    }
    for (const StateRow& row : store.contents.rows) {
      const std::uint64_t value = std::stoull(*row.value);
      EXPECT_EQ(value % 5, row.id);
      EXPECT_GT(value + 5, position);
    }
  }
}

TEST(StoreFaultDeathTest, AReaderWithoutMemoryStopsTheProcessAndCallsNothingDamaged) {
  TemporaryDirectory directory;
  EXPECT_EXIT(
      {
        OpenStore store(directory.file());
        StoreBatch batch = batch_at(1);
        batch.messages.push_back(message(1, 1, std::string(1 << 20, 'x')));
        store.write(std::move(batch));
        sqlite3_hard_heap_limit64(sqlite3_memory_used() + (256 << 10));
        store.read(1, 1);
      },
      testing::ExitedWithCode(1), "out of memory");
}

}  // namespace
}  // namespace yallchat
