// Tables of the index come and go as history does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "search/search_testing.h"

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Each transaction of the store is indexed by itself, and is a generation.
class Generations : public testing::Test, protected SearchedStore {
 protected:
  void start_small(std::chrono::milliseconds budget = std::chrono::hours(1)) { start(budget, 1); }

  void post_and_index(const std::vector<std::pair<std::uint64_t, std::string>>& messages) {
    post(messages);
    wait_until_indexed(messages.back().first);
  }

  // What each generation has indexed, oldest first. Empty too while that cannot be read.
  std::vector<std::uint64_t> chunks_of_generations() const {
    std::vector<std::uint64_t> chunks;
    SqliteConnection connection;
    Statement select;
    connection.open(index_file(), SQLITE_OPEN_READONLY);
    select.prepare(connection, "SELECT chunks FROM generations ORDER BY first");
    while (select.step() == SQLITE_ROW) chunks.push_back(select.integer(0));
    return chunks;
  }
  std::uint64_t tables() const {
    SqliteConnection connection;
    Statement count;
    connection.open(index_file(), SQLITE_OPEN_READONLY);
    count.prepare(connection,
                  "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'docs_*' AND sql LIKE "
                  "'CREATE VIRTUAL%'");
    return count.step() == SQLITE_ROW ? count.integer(0) : 0;
  }
};

TEST_F(Generations, AreSearchedTogetherNewestFirst) {
  start_small();
  for (int i = 0; i < 5; ++i) post_and_index({{2, "good day"}, {1, "good day"}});
  EXPECT_THAT(chunks_of_generations(), ElementsAre(2, 2, 2, 2, 2));
  EXPECT_THAT(numbers(1, "day"), ElementsAre(5, 4, 3, 2, 1));
  EXPECT_THAT(numbers(1, "day", 3), ElementsAre(3, 2, 1));
  EXPECT_THAT(numbers(find(1, "day", 4, 2, 2)), ElementsAre(4, 3));
  EXPECT_EQ(find(1, "day", 4, 2, 2).next, Seqnr(2));
  EXPECT_THAT(numbers(find(1, "day", 2, 2, 2)), ElementsAre(2));
}

TEST_F(Generations, WithoutTimeAQueryGoesOnFromOneToTheNext) {
  start_small(std::chrono::milliseconds(0));
  for (int i = 0; i < 4; ++i) post_and_index({{1, "night"}, {1, i == 0 ? "good day" : "night"}});
  std::vector<std::uint64_t> nexts;
  for (std::uint64_t upto = 8; upto != 0 && nexts.size() < 10;) {
    const auto found = find(1, "good day", upto);
    EXPECT_EQ(found.items.size(), upto == 2 ? 1u : 0u);
    upto = found.next.value;
    nexts.push_back(upto);
  }
  EXPECT_THAT(nexts, ElementsAre(6, 4, 2, 1, 0));
}

TEST_F(Generations, AreDroppedWhenTheStoreHasNothingOfThemLeft) {
  start_small();
  for (int i = 0; i < 4; ++i) post_and_index({{1, "good day"}});
  raise_floor(1, 4);
  post_and_index({{1, "good day"}});  // begins the next, and looks what is left of the others
  EXPECT_TRUE(eventually([&] { return chunks_of_generations().size() == 2; }));
  EXPECT_EQ(tables(), 2u);
  EXPECT_THAT(numbers(1, "day"), ElementsAre(5, 4));
}

TEST_F(Generations, AreWrittenAnewWhenLessThanHalfOfThemIsLeft) {
  start_small();
  post_and_index({{1, "day"}, {2, "day"}, {3, "day"}, {4, "good day"}});
  post_and_index({{1, "day"}, {2, "day"}, {3, "day"}, {4, "day"}});
  for (const std::uint64_t channel : {1, 2, 3}) raise_floor(channel, 2);
  post_and_index({{4, "day"}});
  EXPECT_TRUE(eventually([&] {
    return chunks_of_generations() == std::vector<std::uint64_t>{1, 4, 1};
  }));
  EXPECT_EQ(tables(), 3u);
  EXPECT_THAT(numbers(4, "day"), ElementsAre(3, 2, 1));
  EXPECT_THAT(numbers(4, "good"), ElementsAre(1));
  EXPECT_THAT(numbers(1, "day"), ElementsAre(2));
}

TEST_F(Generations, AStartGivesBackWhatWasDeletedWhileSearchWasOff) {
  start_small();
  for (int i = 0; i < 3; ++i) post_and_index({{1, "good day"}});
  stop();
  raise_floor(1, 3);
  start_small();
  EXPECT_TRUE(eventually([&] { return chunks_of_generations().size() == 1; }));
  EXPECT_THAT(numbers(1, "day"), ElementsAre(3));
  raise_floor(1, 4);
  EXPECT_THAT(numbers(1, "day"), IsEmpty());
}

}  // namespace
}  // namespace yallchat
