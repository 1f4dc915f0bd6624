// The index is a view: whatever happens to its file, it is made anew from the store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "search/search_testing.h"

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class SearchDamage : public testing::Test, protected SearchedStore {
 protected:
  // A complete index, in the file itself, and nobody has it open.
  SearchDamage() {
    start();
    post(1, std::vector<std::string>(300, "good day"));
    post({{2, "good night"}, {1, "the last"}});
    wait_until_indexed(1);
    stop();
  }

  std::uint64_t indexed_in_file(std::uint64_t channel) const;

  void expect_everything_is_found() {
    EXPECT_THAT(numbers(1, "last"), ElementsAre(301));
    EXPECT_THAT(numbers(2, "night"), ElementsAre(1));
    EXPECT_THAT(find(1, "day", 0, 100).items, SizeIs(100));
    EXPECT_THAT(find(1, "day", 50, 100).items, SizeIs(50));
  }
};

// 0 while there is no index that can be read.
std::uint64_t SearchDamage::indexed_in_file(std::uint64_t channel) const {
  SqliteConnection connection;
  Statement select;
  const std::string sql = "SELECT indexed_to FROM channels WHERE id = " + std::to_string(channel);
  const bool found = connection.open(index_file(), SQLITE_OPEN_READONLY) == SQLITE_OK &&
                     select.prepare(connection, sql) == SQLITE_OK && select.step() == SQLITE_ROW;
  return found ? select.integer(0) : 0;
}

TEST_F(SearchDamage, AnIndexThatIsGoneIsMadeAnew) {
  remove(index_file());
  start();
  expect_everything_is_found();
}

TEST_F(SearchDamage, AFileThatIsNoDatabaseIsReplaced) {
  write_bytes(index_file(), std::string(100'000, 'x'));
  start();
  expect_everything_is_found();
}

TEST_F(SearchDamage, AnotherDatabaseIsReplaced) {
  remove(index_file());
  SqliteConnection connection;
  ASSERT_EQ(connection.open(index_file(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE), SQLITE_OK);
  ASSERT_EQ(connection.exec("CREATE TABLE docs_0(text); CREATE TABLE meta(position)"), SQLITE_OK);
  start();
  expect_everything_is_found();
}

TEST_F(SearchDamage, AnIndexOfAnotherVersionIsReplaced) {
  run_sql(index_file(), "PRAGMA user_version = 2");
  start();
  expect_everything_is_found();
}

TEST_F(SearchDamage, AnEmptyTableIsNoIndex) {
  run_sql(index_file(), "DELETE FROM meta");
  start();
  expect_everything_is_found();
}

TEST_F(SearchDamage, AnIndexAheadOfTheStoreIsReplaced) {
  run_sql(index_file(), "UPDATE meta SET position = position + 1");
  start();
  expect_everything_is_found();
}

TEST_F(SearchDamage, AnIndexOfAnotherStoreIsReplaced) {
  store_.reset();
  remove(directory_.file());
  store_ = std::make_unique<OpenStore>(directory_.file());
  last_.clear();
  for (int i = 0; i < 20; ++i) post(1, {"another life"});
  start();
  EXPECT_THAT(find(1, "life", 0, 100).items, SizeIs(20));
  EXPECT_THAT(find(1, "day").items, IsEmpty());
}

TEST_F(SearchDamage, AStoreFromABackupIsIndexedAgain) {
  const auto copy = directory_.file().string() + ".copy";
  (*store_)->flush();
  std::filesystem::copy_file(directory_.file(), copy);
  start();
  post(1, std::vector<std::string>(10, "lost"));
  wait_until_indexed(1);
  stop();
  store_.reset();
  std::filesystem::rename(copy, directory_.file());
  for (const char* suffix : {"-wal", "-shm"})
    std::filesystem::remove(directory_.file().string() + suffix);
  store_ = std::make_unique<OpenStore>(directory_.file());
  last_[1] = 301;
  start();
  expect_everything_is_found();
  EXPECT_THAT(find(1, "lost").items, IsEmpty());
}

// Spoiled is the record with which FTS5 finds the parts of its index.
TEST_F(SearchDamage, AnIndexThatTurnsOutToBeDamagedKnowsOfNothingAndIsMadeAnew) {
  run_sql(index_file(), "UPDATE docs_0_data SET block = x'0102030405060708' WHERE id = 10");
  start();
  const auto found = ask({ChannelId(1), "good day", Seqnr(0), Seqnr(1), 10});
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(found->items, IsEmpty());
  EXPECT_EQ(found->indexed_to, Seqnr(0));
  expect_everything_is_found();
  post(1, {"and on"});
  EXPECT_THAT(numbers(1, "and on"), ElementsAre(302));
}

TEST_F(SearchDamage, AnIndexThatIsDamagedWhereItIsWrittenIsMadeAnew) {
  run_sql(index_file(), "UPDATE docs_0_data SET block = x'0102030405060708' WHERE id = 10");
  post(1, {"and on"});
  start();
  // No query shall be the one that finds it.
  ASSERT_TRUE(eventually([&] { return indexed_in_file(1) == 302; }));
  EXPECT_THAT(numbers(1, "and on"), ElementsAre(302));
  expect_everything_is_found();
}

TEST_F(SearchDamage, AMessageThatIsDamagedInTheStoreIsNotFoundAndItsNeighboursAre) {
  (*store_)->flush();
  post(1, {"before it", "the damaged it", "after it"});
  (*store_)->flush();
  store_.reset();
  flip_bit_in(directory_.file(), "the damaged it");
  store_ = std::make_unique<OpenStore>(directory_.file());
  start();
  EXPECT_THAT(numbers(1, "it"), ElementsAre(304, 302));
  EXPECT_THAT(numbers(1, "fter it"), ElementsAre(304));
  EXPECT_THAT(numbers(1, "damaged"), IsEmpty());
}

TEST_F(SearchDamage, AChunkThatIsDamagedInTheStoreHidesNoOther) {
  post(1, {"lost"});
  post(1, {"after it"});
  store_.reset();
  run_sql(directory_.file(), "UPDATE history SET records = x'00' WHERE first = 302");
  store_ = std::make_unique<OpenStore>(directory_.file());
  start();
  EXPECT_THAT(numbers(1, "it"), ElementsAre(303));
  EXPECT_THAT(numbers(1, "fter"), ElementsAre(303));
  EXPECT_THAT(numbers(1, "ay", 4), ElementsAre(4, 3, 2, 1));
}

TEST_F(SearchDamage, WithoutAPlaceForItsFileItAnswersThatItCannot) {
  remove(index_file());
  std::filesystem::create_directory(index_file());
  std::filesystem::create_directory(index_file() / "full");
  start();
  const auto found = ask({ChannelId(1), "day", Seqnr(0), Seqnr(1), 10});
  ASSERT_TRUE(found.has_error());
  EXPECT_EQ(found.error().code, Errc::io);
  post(1, {"and on"});
  std::filesystem::remove_all(index_file());
  EXPECT_THAT(numbers(1, "and on"), ElementsAre(302));
}

}  // namespace
}  // namespace yallchat
