// What was written is not what is read: each kind of damage is told, and told of the right thing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/store.h"
#include "store/store_testing.h"

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StoreDamage : public testing::Test {
 protected:
  // Three chunks of channel 1 and one of channel 2, three state rows, all in the file itself.
  StoreDamage() {
    OpenStore store(file_);
    auto batch = batch_of(0x1122334455667788, 1, 1, 150);
    for (auto& other : batch_of(1, 2, 1, 10).messages) batch.messages.push_back(other);
    batch.rows = {
        {1, 1, 1, "the first value"}, {1, 1, 2, "the second value"}, {2, 7, 1, "the third value"}};
    store.write(std::move(batch));
    store->flush();
  }

  Error error_of_load() {
    auto store = open_store(file_);
    if (store.has_error()) return store.error();
    const auto contents = (*store)->load();
    return contents.has_error() ? contents.error() : Error{Errc::invalid, "it loads"};
  }

  TemporaryDirectory directory_;
  const std::filesystem::path file_ = directory_.file();
};

TEST_F(StoreDamage, AFlippedBitInAMessageDamagesThatMessageOnly) {
  flip_bit_in(file_, body_of(1, 70));
  OpenStore store(file_);
  const auto items = store.read(1, 40);
  EXPECT_EQ(seqnrs(items), range(40, 103));
  EXPECT_THAT(damaged_seqnrs(items), ElementsAre(70));
  EXPECT_TRUE(all_as_written(items, 1));
  EXPECT_EQ(damaged_seqnrs(store.read(1, 70, 1)), range(70, 70));
  EXPECT_THAT(damaged_seqnrs(store.read(1, 71)), IsEmpty());
}

TEST_F(StoreDamage, ADamagedOffsetTableDamagesItsChunkAndNotTheNeighbours) {
  run_sql(
      file_,
      "UPDATE history SET records = x'00' || substr(records, 2) WHERE channel = 1 AND first = 65");
  OpenStore store(file_);
  EXPECT_EQ(damaged_seqnrs(store.read(1, 50, 100)), range(65, 128));
  EXPECT_EQ(seqnrs(store.read(1, 50, 100)), range(50, 149));
  EXPECT_EQ(damaged_seqnrs(store.read(1, 100, 4)), range(100, 103));
  EXPECT_THAT(damaged_seqnrs(store.read(1, 129)), IsEmpty());
}

TEST_F(StoreDamage, ADamagedLastChunkEndsWhereTheChannelEnds) {
  run_sql(file_,
          "UPDATE history SET records = x'00', last = 1000000 WHERE channel = 1 AND first = 129");
  OpenStore store(file_);
  EXPECT_EQ(damaged_seqnrs(store.read(1, 120)), range(129, 150));
  EXPECT_EQ(seqnrs(store.read(1, 120)), range(120, 150));
  EXPECT_THAT(store.read(1, 151), IsEmpty());
}

TEST_F(StoreDamage, AMissingRowDamagesItsMessagesWhereverItIs) {
  for (const auto& [first, last] : {std::pair{1, 64}, {65, 128}, {129, 150}}) {
    const auto copy = file_.string() + std::to_string(first);
    std::filesystem::copy_file(file_, copy);
    run_sql(copy,
            ("DELETE FROM history WHERE channel = 1 AND first = " + std::to_string(first)).c_str());
    OpenStore store(copy);
    const auto items = store.read(1, 1, 200);
    EXPECT_EQ(seqnrs(items), range(1, 150));
    EXPECT_EQ(damaged_seqnrs(items), range(first, last));
    EXPECT_TRUE(all_as_written(items, 1));
  }
}

TEST_F(StoreDamage, ARowWhoseColumnsClaimAnotherPlaceIsNotBelieved) {
  run_sql(file_, "UPDATE history SET first = 1 << 40 WHERE channel = 1 AND first = 65");
  OpenStore store(file_);
  EXPECT_EQ(seqnrs(store.read(1, 1, 200)), range(1, 150));
  EXPECT_EQ(damaged_seqnrs(store.read(1, 1, 200)), range(65, 128));
  EXPECT_THAT(store.read(1, 151), IsEmpty());
}

TEST_F(StoreDamage, AFlippedBitInTheStateRefusesToLoadAndNamesTheRow) {
  flip_bit_in(file_, "the second value");
  const Error error = error_of_load();
  EXPECT_EQ(error.code, Errc::damaged);
  EXPECT_THAT(error.message, HasSubstr("yallchat.db: table state: row (kind 1, owner 1, id 2)"));
}

TEST_F(StoreDamage, AFlippedBitInMetaRefusesToLoad) {
  flip_bit_in(file_, "\x11\x22\x33\x44\x55\x66\x77\x88");
  const Error error = error_of_load();
  EXPECT_EQ(error.code, Errc::damaged);
  EXPECT_THAT(error.message, HasSubstr("table meta"));
}

TEST_F(StoreDamage, AStateRowThatIsGoneAddedOrOlderRefusesToLoad) {
  const std::string bytes = read_bytes(file_);
  const auto error_after = [&](const char* sql) {
    write_bytes(file_, bytes);
    run_sql(file_, sql);
    const Error error = error_of_load();
    EXPECT_EQ(error.code, Errc::damaged) << sql;
    return error.message;
  };
  EXPECT_THAT(error_after("DELETE FROM state WHERE id = 2"),
              HasSubstr("table state: it has 2 rows, but 3"));
  EXPECT_THAT(error_after("DELETE FROM meta"), HasSubstr("table meta: its row is missing"));
  EXPECT_THAT(error_after("DELETE FROM channels WHERE id = 2"),
              HasSubstr("table channels: it has 1 rows"));
  EXPECT_THAT(error_after("UPDATE channels SET last = 9 WHERE id = 2"),
              HasSubstr("table channels: row 2"));
}

TEST_F(StoreDamage, AValidStateRowOfAnEarlierTimeRefusesToLoad) {
  run_sql(file_, "ATTACH ':memory:' AS m; PRAGMA main.journal_mode = DELETE");
  const std::string before = file_.string() + ".before";
  std::filesystem::copy_file(file_, before);
  {
    OpenStore store(file_);
    StoreBatch batch = batch_at(0x1122334455667789);
    batch.rows = {{1, 1, 2, "the second value, changed"}};
    store.write(std::move(batch));
    store->flush();
  }
  run_sql(file_,
          ("ATTACH '" + before + "' AS b; REPLACE INTO state SELECT * FROM b.state WHERE id = 2")
              .c_str());
  EXPECT_THAT(error_of_load().message, HasSubstr("a row is not the one that was written last"));
}

TEST_F(StoreDamage, WhatIsNotAStoreIsRefused) {
  write_bytes(file_, std::string(100'000, 'g'));
  EXPECT_EQ(error_of_load().code, Errc::damaged);
  std::filesystem::remove(file_);
  {
    SqliteConnection other;
    ASSERT_EQ(other.open(file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE), SQLITE_OK);
    ASSERT_EQ(other.exec("CREATE TABLE t(x); PRAGMA user_version = 1"), SQLITE_OK);
  }
  EXPECT_EQ(error_of_load().code, Errc::damaged);
  std::filesystem::remove(file_);
  std::filesystem::create_directory(file_);
  EXPECT_EQ(error_of_load().code, Errc::io);
}

TEST_F(StoreDamage, AStoreOfANewerVersionIsRefusedInWords) {
  run_sql(file_, "PRAGMA user_version = 2");
  const Error error = error_of_load();
  EXPECT_EQ(error.code, Errc::unsupported);
  EXPECT_THAT(error.message, HasSubstr("version 2"));
}

// Each page of the file in turn is overwritten: either loading refuses, or each message is told to
// be what was written or to be damaged. None is skipped, none invented, and every read ends.
TEST_F(StoreDamage, AnyLostPageIsToldAndNoMessageIsSkipped) {
  constexpr std::size_t page = 8192;
  const std::string bytes = read_bytes(file_);
  ASSERT_GE(bytes.size(), 6 * page);
  for (const char filler : {'\0', '\xFF'}) {
    for (std::size_t at = 0; at < bytes.size(); at += page) {
      std::string damaged = bytes;
      damaged.replace(at, page, page, filler);
      write_bytes(file_, damaged);
      std::filesystem::remove(file_.string() + "-wal");
      auto opened = open_store(file_);
      if (opened.has_error() || (*opened)->load().has_error()) continue;
      opened->reset();
      OpenStore store(file_);
      for (std::uint64_t seqnr = 1; seqnr <= 150; ++seqnr) {
        const auto items = store.read(1, seqnr, 1);
        ASSERT_EQ(seqnrs(items), range(seqnr, seqnr)) << "page " << at / page;
        ASSERT_TRUE(all_as_written(items, 1)) << "page " << at / page;
      }
    }
  }
}

}  // namespace
}  // namespace yallchat
