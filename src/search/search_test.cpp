#include "search/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <thread>
#include <vector>

#include "search/search_testing.h"

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class SearchTest : public testing::Test, protected SearchedStore {};

// Of this process, by their numbers, how nice each is.
std::map<int, int> threads() {
  std::map<int, int> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
    const int thread = std::stoi(entry.path().filename());
    found[thread] = getpriority(PRIO_PROCESS, static_cast<id_t>(thread));
  }
  return found;
}

TEST_F(SearchTest, ItsThreadsLeaveTheProcessorToThoseThatMakePosts) {
  // A server may be nice itself.
  std::thread([this] {
    ASSERT_EQ(setpriority(PRIO_PROCESS, 0, std::max(7, getpriority(PRIO_PROCESS, 0))), 0);
    const auto others = threads();
    const int own = getpriority(PRIO_PROCESS, 0);
    start();
    post(1, {"a drum"});
    EXPECT_THAT(numbers(1, "drum"), ElementsAre(1));
    std::vector<int> nice;
    for (const auto& [thread, its] : threads())
      if (!others.contains(thread)) nice.push_back(its);
    EXPECT_THAT(nice, UnorderedElementsAre(std::min(own + 5, 19), 19));
  }).join();
}

TEST_F(SearchTest, FindsPartsOfWordsInAnyCaseNewestFirst) {
  start();
  post(1, {"I am your drummer", "the DRUMS are here", "a trumpet", "Conundrum"});
  EXPECT_THAT(numbers(1, "drum"), ElementsAre(4, 2, 1));
  EXPECT_THAT(numbers(1, "DRUM are"), ElementsAre(2));
  EXPECT_THAT(numbers(1, "rumme"), ElementsAre(1));
  EXPECT_THAT(numbers(1, "violin"), IsEmpty());
  EXPECT_THAT(numbers(1, "drum violin"), IsEmpty());
}

TEST_F(SearchTest, GivesTheMessagesAsTheyAreStoredWithTheirHits) {
  start();
  post(1, {"first", "Ümlaut 😀 and ümlaut"});
  const auto found = find(1, "ümlaut");
  ASSERT_THAT(found.items, SizeIs(1));
  EXPECT_EQ(*found.items[0].message, *message(1, 2, "Ümlaut 😀 and ümlaut"));
  EXPECT_THAT(found.items[0].hits, ElementsAre(Hit{0, 6}, Hit{13, 19}));
  EXPECT_EQ(found.indexed_to, Seqnr(2));
  EXPECT_EQ(found.next, Seqnr(0));
}

TEST_F(SearchTest, FindsChineseOfAnyLengthAndEmoji) {
  start();
  post(1, {"北京天气很好", "上海天气", "我在北京", "😀", "good 😀👍 day", "好"});
  EXPECT_THAT(numbers(1, "气"), ElementsAre(2, 1));
  EXPECT_THAT(numbers(1, "北京"), ElementsAre(3, 1));
  EXPECT_THAT(numbers(1, "京天气"), ElementsAre(1));
  EXPECT_THAT(numbers(1, "天气很好"), ElementsAre(1));
  EXPECT_THAT(numbers(1, "天 好"), ElementsAre(1));
  EXPECT_THAT(numbers(1, "京北"), IsEmpty());
  EXPECT_THAT(numbers(1, "好"), ElementsAre(6, 1));
  EXPECT_THAT(numbers(1, "😀"), ElementsAre(5, 4));
  EXPECT_THAT(numbers(1, "😀👍"), ElementsAre(5));
  EXPECT_THAT(numbers(1, "d 😀"), ElementsAre(5));
  EXPECT_THAT(numbers(1, "\"d 😀\""), ElementsAre(5));
}

TEST_F(SearchTest, FindsShortWordsOfOtherScriptsToo) {
  start();
  post(1, {"ok", "book", "да", "no", "a"});
  EXPECT_THAT(numbers(1, "OK"), ElementsAre(2, 1));
  EXPECT_THAT(numbers(1, "да"), ElementsAre(3));
  EXPECT_THAT(numbers(1, "o"), ElementsAre(4, 2, 1));
  EXPECT_THAT(numbers(1, "o k boo"), ElementsAre(2));
  EXPECT_THAT(numbers(1, "x"), IsEmpty());
}

TEST_F(SearchTest, APhraseStandsAsItIs) {
  start();
  post(1, {"good day sunshine", "day of good", "good  day", "a good\nday"});
  EXPECT_THAT(numbers(1, "good day"), ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(numbers(1, "\"good day\""), ElementsAre(1));
  EXPECT_THAT(numbers(1, "\"good  day\""), ElementsAre(3));
  EXPECT_THAT(numbers(1, "\"good day"), ElementsAre(1));
  EXPECT_THAT(numbers(1, "\"good day\" shine"), ElementsAre(1));
}

// Whatever FTS5 would take for its own language.
TEST_F(SearchTest, NoCharacterOfAQueryIsMoreThanItself) {
  const std::vector<std::string> words = {
      "AND", "OR",    "NOT",   "NEAR(a b)", "a*b*",      "^start",   "(open",     "close)",
      "a:b", "text:", "-dash", "it's",      "100%_like", "back\\sl", "{\"json\"", "+plus",
      "?1?", "ÿþÿ",   "a--b",  "/*c*/",     ";drop",     "docs_0",   "1",         "\x01\x02\x03"};
  start();
  for (std::size_t i = 0; i < words.size(); ++i) post(1, {"<" + words[i] + ">"});
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto found = ask({ChannelId(1), words[i], Seqnr(0), Seqnr(1), 100});
    ASSERT_TRUE(found.has_value()) << words[i];
  }
  EXPECT_THAT(numbers(1, "<AND>"), ElementsAre(1));
  EXPECT_THAT(numbers(1, "NEAR(a"), ElementsAre(4));
  EXPECT_THAT(numbers(1, "a*b*"), ElementsAre(5));
  EXPECT_THAT(numbers(1, "^start"), ElementsAre(6));
  EXPECT_THAT(numbers(1, "(open"), ElementsAre(7));
  EXPECT_THAT(numbers(1, "a:b"), ElementsAre(9));
  EXPECT_THAT(numbers(1, "-dash"), ElementsAre(11));
  EXPECT_THAT(numbers(1, "it's"), ElementsAre(12));
  EXPECT_THAT(numbers(1, "100%_l"), ElementsAre(13));
  EXPECT_THAT(numbers(1, "{\"json"), ElementsAre(15));
  EXPECT_THAT(numbers(1, "drum OR dash"), IsEmpty());
  EXPECT_THAT(numbers(1, "da*"), IsEmpty());
}

TEST_F(SearchTest, AQueryThatMeansNothingIsRefusedAtOnce) {
  start();
  for (const char* words : {"", " ", "\"", "\" \"", "\xFF"}) {
    const auto found = ask({ChannelId(1), words, Seqnr(0), Seqnr(1), 10});
    ASSERT_TRUE(found.has_error()) << words;
    EXPECT_EQ(found.error().code, Errc::invalid);
  }
}

TEST_F(SearchTest, FindsInOneChannelOnly) {
  start();
  for (int i = 0; i < 10; ++i) post({{1, "good day"}, {2, "good night"}, {12, "good day"}});
  post(2, {"good day"});
  EXPECT_THAT(numbers(1, "good day"), SizeIs(10));
  EXPECT_THAT(numbers(2, "good day"), ElementsAre(11));
  EXPECT_THAT(numbers(12, "day night"), IsEmpty());
  EXPECT_THAT(numbers(3, "good"), IsEmpty());
  EXPECT_EQ(find(3, "good").indexed_to, Seqnr(0));
  for (const auto& item : find(12, "good").items) EXPECT_EQ(item.message->channel, ChannelId(12));
}

TEST_F(SearchTest, PagesGoOnWhereTheLastOneEnded) {
  start();
  for (int i = 0; i < 5; ++i) post(1, std::vector<std::string>(50, "good day"));  // 1 to 250
  std::vector<std::uint64_t> all;
  std::uint64_t upto = 0;
  int pages = 0;
  do {
    const auto found = find(1, "day", upto, 30);
    EXPECT_LE(found.items.size(), 30u);
    for (const std::uint64_t number : numbers(found)) all.push_back(number);
    upto = found.next.value;
    ++pages;
  } while (upto != 0);
  std::reverse(all.begin(), all.end());
  EXPECT_EQ(all, range(1, 250));
  EXPECT_EQ(pages, 9);
  EXPECT_EQ(find(1, "day", 0, 250).items.size(), limits::search_results);
  EXPECT_THAT(find(1, "day", 0, 0).items, SizeIs(1));
}

TEST_F(SearchTest, ThereIsANextPageOnlyIfItHasAResult) {
  start();
  post(1, {"day 1", "night", "day 3", "day 4"});
  EXPECT_EQ(find(1, "day", 0, 3).next, Seqnr(0));
  EXPECT_EQ(find(1, "day", 0, 2).next, Seqnr(1));
  EXPECT_THAT(numbers(1, "day", 3), ElementsAre(3, 1));
  EXPECT_THAT(numbers(1, "day", 1000), ElementsAre(4, 3, 1));
}

TEST_F(SearchTest, AnAnswerIsBoundedInBytesButHasAtLeastOneMessage) {
  start();
  const std::string large(limits::search_result_bytes / 3, 'x');
  post(1, {"day " + large, "day " + large, "day " + large, "day"});
  const auto found = find(1, "day");
  EXPECT_THAT(numbers(found), ElementsAre(4, 3, 2));
  EXPECT_EQ(found.next, Seqnr(1));
  EXPECT_THAT(numbers(1, "day", 1), ElementsAre(1));
  EXPECT_THAT(numbers(1, "x"), ElementsAre(3));  // each x of it is a hit
}

// Without time each query looks at one message, and says where to go on.
TEST_F(SearchTest, AQueryThatTakesTooLongIsAnsweredInParts) {
  start(std::chrono::milliseconds(0));
  const std::vector<std::string> many(40, "qu day");
  post(1, many);
  post(1, {"ok"});
  post(1, many);
  for (const std::string words : {"ok", "kok ko", "day qu"}) {
    std::vector<std::uint64_t> all;
    std::uint64_t upto = 1000;
    int pages = 0;
    while (upto != 0 && pages < 100) {
      const auto found = find(1, words, upto, 100);
      EXPECT_LE(found.items.size(), 1U);
      EXPECT_LT(found.next.value, upto);
      for (const std::uint64_t number : numbers(found)) all.push_back(number);
      upto = found.next.value;
      ++pages;
    }
    EXPECT_EQ(upto, 0u);
    if (words == "ok") {
      EXPECT_THAT(all, ElementsAre(41));
      EXPECT_EQ(pages, 81);
    } else {
      EXPECT_THAT(all, SizeIs(words == "day qu" ? 80 : 0));
    }
  }
}

TEST_F(SearchTest, BelowTheFloorNothingIsFound) {
  start();
  post(1, std::vector<std::string>(200, "good day"));
  post(1, std::vector<std::string>(100, "ok"));
  const auto found = find(1, "day", 0, 100, 150);
  EXPECT_EQ(numbers(found).back(), 150u);
  EXPECT_THAT(found.items, SizeIs(51));
  EXPECT_EQ(found.next, Seqnr(0));
  EXPECT_EQ(numbers(find(1, "ok", 205, 100, 203)), (std::vector<std::uint64_t>{205, 204, 203}));
  EXPECT_THAT(find(1, "day", 100, 100, 150).items, IsEmpty());
  EXPECT_THAT(find(1, "day", 0, 100, 1000).items, IsEmpty());
}

TEST_F(SearchTest, WhatTheStoreHasDeletedIsNotFound) {
  start();
  post(1, std::vector<std::string>(200, "good day"));
  EXPECT_THAT(find(1, "day", 0, 100).items, SizeIs(100));
  raise_floor(1, 193);
  EXPECT_THAT(numbers(1, "day"), ElementsAre(200, 199, 198, 197, 196, 195, 194, 193));
  raise_floor(1, 201);
  EXPECT_THAT(find(1, "day").items, IsEmpty());
  EXPECT_THAT(find(1, "ay").items, IsEmpty());
}

TEST_F(SearchTest, SaysHowFarItKnowsTheChannel) {
  post({{1, "day"}, {2, "day"}, {1, "day"}});
  start();
  EXPECT_EQ(find(1, "day").indexed_to, Seqnr(2));
  EXPECT_EQ(find(2, "day").indexed_to, Seqnr(1));
  post(1, {"day"});
  EXPECT_EQ(find(1, "night").indexed_to, Seqnr(3));
}

TEST_F(SearchTest, ARestartGoesOnWhereItWas) {
  start();
  post(1, {"day 1", "day 2"});
  wait_until_indexed(1);
  stop();
  // Rows that an index made anew would not have.
  run_sql(index_file(), "INSERT INTO channels VALUES (77, 5)");
  post(1, {"day 3"});
  store_.reset();
  store_ = std::make_unique<OpenStore>(directory_.file());
  start();
  EXPECT_THAT(numbers(1, "day"), ElementsAre(3, 2, 1));
  last_[77] = 5;
  EXPECT_EQ(find(77, "day").indexed_to, Seqnr(5));
}

TEST_F(SearchTest, AnswersWhatWasAskedBeforeItEndsAndRefusesTooMany) {
  start();
  post(1, std::vector<std::string>(100, "good day"));
  wait_until_indexed(1);
  std::promise<void> hold;
  std::atomic<std::size_t> answers = 0;
  std::promise<void> holding;
  ASSERT_TRUE(search_
                  ->find({ChannelId(1), "day", Seqnr(0), Seqnr(1), 10},
                         [&](const Result<SearchFound>&) {
                           holding.set_value();
                           hold.get_future().wait();
                         })
                  .has_value());
  holding.get_future().wait();
  const auto count = [&](const Result<SearchFound>& found) {
    answers += found.has_value() && found->items.size() == 10;
  };
  for (std::size_t i = 0; i < limits::searches_waiting; ++i) {
    ASSERT_TRUE(search_->find({ChannelId(1), "day", Seqnr(0), Seqnr(1), 10}, count).has_value());
  }
  const auto refused = search_->find({ChannelId(1), "day", Seqnr(0), Seqnr(1), 10}, count);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, Errc::full);
  hold.set_value();
  stop();
  EXPECT_EQ(answers, limits::searches_waiting);
}

}  // namespace
}  // namespace yallchat
