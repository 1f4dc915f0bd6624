#include "hub/history.h"

#include <gtest/gtest.h>

#include <utility>

#include "base/limits.h"

namespace yallchat {
namespace {

constexpr ChannelId octopus(1);

// A store that has what the test gives it, and answers when the test lets it.
class Shelf final : public Store {
 public:
  void put(std::uint64_t from, std::uint64_t to);
  void damage(std::uint64_t seqnr) { items_.at(seqnr - items_.front().seqnr.value).message = {}; }
  void drop_below(std::uint64_t seqnr) {
    std::erase_if(items_, [=](const HistoryItem& item) { return item.seqnr < Seqnr(seqnr); });
  }
  bool answer_one() {
    if (asked_.empty()) return false;
    const auto answer = std::move(asked_.front());
    asked_.pop_front();
    answer();
    return true;
  }
  std::size_t reads = 0;

  void read(ChannelId, Seqnr from, std::size_t limit, ReadDone done) override {
    ++reads;
    asked_.push_back([=, this, done = std::move(done)] {
      std::vector<HistoryItem> page;
      for (const HistoryItem& item : items_)
        if (item.seqnr >= from && page.size() < std::min<std::size_t>(limit, page_messages))
          page.push_back(item);
      done(std::move(page));
    });
  }
  Result<Contents> load() override { return Contents{}; }
  void write(StoreBatch) override {}
  bool idle() const override { return true; }
  Index written() const override { return Index(0); }
  Index checkpointed() const override { return Index(0); }
  void flush() override {}
  void find_floor(FloorQuery, FloorDone) override {}

  static constexpr std::size_t page_messages = 100;  // the bound of its bytes, as it were

 private:
  std::vector<HistoryItem> items_;
  std::deque<std::function<void()>> asked_;
};

MessagePtr message(std::uint64_t seqnr) {
  return std::make_shared<const Message>(
      Message{octopus, Seqnr(seqnr), 0, "Ringo", "number " + std::to_string(seqnr), ""});
}

void Shelf::put(std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t n = from; n <= to; ++n) items_.push_back({Seqnr(n), message(n)});
}

struct HistoryWorld {
  Shelf store;
  History history{store, [](const std::function<void()>& job) { job(); }};

  void say(std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t n = from; n <= to; ++n) history.add(Index(n), message(n));
  }
  // The numbers that were found, a damaged one as its negative; empty before the answer.
  std::vector<std::int64_t> read(std::uint64_t from, std::uint64_t to,
                                 std::size_t bytes = limits::MiB) {
    std::vector<std::int64_t> numbers;
    int answers = 0;
    history.read({octopus, Seqnr(from), Seqnr(to), bytes}, [&](std::vector<HistoryItem> items) {
      ++answers;
      for (const HistoryItem& item : items) {
        const auto n = static_cast<std::int64_t>(item.seqnr.value);
        numbers.push_back(item.message ? n : -n);
        EXPECT_TRUE(!item.message || item.message->seqnr == item.seqnr);
      }
    });
    while (store.answer_one()) {
    }
    EXPECT_EQ(answers, 1);
    return numbers;
  }
};

std::vector<std::int64_t> numbers(std::int64_t from, std::int64_t to) {
  std::vector<std::int64_t> all;
  for (std::int64_t n = from; n <= to; ++n) all.push_back(n);
  return all;
}

TEST(History, WhatIsInMemoryIsGivenAtOnce) {
  HistoryWorld w;
  w.say(1, 5);
  EXPECT_EQ(w.read(2, 4), numbers(2, 4));
  EXPECT_EQ(w.store.reads, 0u);
}

TEST(History, ARangeGoesOnFromPagesOfTheStoreIntoMemory) {
  HistoryWorld w;
  w.store.put(1, 250);
  w.say(251, 300);
  EXPECT_EQ(w.read(1, 300), numbers(1, 300));
  EXPECT_EQ(w.store.reads, 3u);
  EXPECT_EQ(w.read(240, 255), numbers(240, 255)) << "of the last page that was read";
  EXPECT_EQ(w.store.reads, 3u);
}

TEST(History, ARangeHasItsMessagesInOrderThoughAnotherReadsOtherPagesMeanwhile) {
  HistoryWorld w;
  w.store.put(1, 1000);
  std::size_t found = 0;
  const auto count = [&](const std::vector<HistoryItem>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) EXPECT_EQ(items[i].seqnr.value, 301 + i);
    found = items.size();
  };
  w.history.read({octopus, Seqnr(301), Seqnr(700), limits::MiB}, count);
  EXPECT_EQ(w.read(1, 500), numbers(1, 500));
  EXPECT_EQ(found, 400u);
}

TEST(History, ARangeIsBoundedInBytesButHasOneMessageAtLeast) {
  HistoryWorld w;
  w.store.put(1, 20);
  w.say(21, 40);
  const std::size_t bytes = message(10)->bytes();
  EXPECT_EQ(w.read(10, 40, 25 * bytes), numbers(10, 34));
  EXPECT_EQ(w.read(10, 40, 0), numbers(10, 10));
}

TEST(History, ADamagedMessageIsToldAmongTheOthers) {
  HistoryWorld w;
  w.store.put(1, 5);
  w.store.damage(3);
  EXPECT_EQ(w.read(1, 5), (std::vector<std::int64_t>{1, 2, -3, 4, 5}));
}

TEST(History, WhatTheFloorPassedMeanwhileIsMissingAndEndsTheRange) {
  HistoryWorld w;
  w.store.put(1, 300);
  std::vector<HistoryItem> got;
  w.history.read({octopus, Seqnr(1), Seqnr(300), limits::MiB},
                 [&](std::vector<HistoryItem> items) { got = std::move(items); });
  ASSERT_TRUE(w.store.answer_one());
  w.store.drop_below(200);
  ASSERT_TRUE(w.store.answer_one());
  ASSERT_EQ(got.size(), 101u);
  EXPECT_EQ(got.back().seqnr, Seqnr(101));
  EXPECT_EQ(got.back().message, nullptr);
  EXPECT_EQ(got[99].message->body, "number 100");
}

TEST(History, AnAnswerThatComesAfterTheHistoryIsGoneReachesNobody) {
  Shelf store;
  store.put(1, 5);
  bool answered = false;
  {
    History history(store, [](const std::function<void()>& job) { job(); });
    history.read({octopus, Seqnr(1), Seqnr(5), limits::MiB},
                 [&](const std::vector<HistoryItem>&) { answered = true; });
  }
  EXPECT_TRUE(store.answer_one());
  EXPECT_FALSE(answered);
}

}  // namespace
}  // namespace yallchat
