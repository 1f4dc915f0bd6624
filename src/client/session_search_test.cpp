#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/session_testing.h"

namespace yallchat {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string hit(int seqnr) {
  return R"({"type":"MSG","channel":"x","seqnr":)" + std::to_string(seqnr) +
         R"(,"source":"paul","body":"no )" + std::to_string(seqnr) + R"(","hits":[[0,2]]})";
}

std::string page(const std::string& hits, const std::string& next, int indexed_to = 0) {
  return R"({"events":[)" + hits + R"(],"indexed-to":)" + std::to_string(indexed_to) +
         R"(,"next":)" + next + "}";
}

class SearchTest : public SessionTest {
 protected:
  SearchTest() : SessionTest(searching()) {}

  static SessionOptions searching() {
    SessionOptions options;
    options.search = {.words = "dr\xc3\xbcm \"a&b\"", .limit = 120};
    return options;
  }

  void answer(const std::string& end, HttpAnswer with) {
    ASSERT_TRUE(transport.has(end));
    transport.answer(end, std::move(with));
    session.turn();
  }
  std::vector<std::uint64_t> numbers() const {
    std::vector<std::uint64_t> all;
    for (const Hit& one : searched.value_or(Found()).hits) all.push_back(one.message.seqnr->value);
    return all;
  }
};

TEST_F(SearchTest, PagesAreFollowedAndTheHitsComeOldestFirst) {
  join();
  answer("/messages?q=dr%C3%BCm%20%22a%26b%22&limit=100",
         reply(200, page(hit(9) + "," + hit(7), "6")));
  answer("&limit=100&from=6", reply(200, page("", "4")));
  answer("&limit=100&from=4", reply(200, page(hit(2), "null")));
  EXPECT_THAT(numbers(), ElementsAre(2U, 7U, 9U));
  EXPECT_FALSE(searched->more);
  EXPECT_TRUE(transport.has("/leave/"));
}

TEST_F(SearchTest, NoMoreThanTheLimitIsAskedForAndTheRestIsNotHidden) {
  join();
  std::string hundred = hit(300);
  for (int seqnr = 299; seqnr > 200; --seqnr) hundred += "," + hit(seqnr);
  answer("&limit=100", reply(200, page(hundred, "200")));
  std::string more = hit(200);
  for (int seqnr = 199; seqnr > 150; --seqnr) more += "," + hit(seqnr);
  answer("&limit=20&from=200", reply(200, page(more, "null")));
  ASSERT_EQ(numbers().size(), 120U);
  EXPECT_EQ(numbers().front(), 181U);
  EXPECT_TRUE(searched->more);
}

TEST_F(SearchTest, APageThatLeadsBackIsTheLast) {
  join();
  answer("&limit=100", reply(200, page(hit(9), "8")));
  answer("&from=8", reply(200, page(hit(8), "8")));
  EXPECT_THAT(numbers(), ElementsAre(8U, 9U));
}

TEST_F(SearchTest, WhatTheSearchDoesNotKnowYetIsTold) {
  session.start();
  transport.answer("/join/ringo", reply(200, R"(["ringo"])", {{"session", "key"}, {"seqnr", "9"}}));
  session.turn();
  answer("&limit=100", reply(200, page(hit(5), "null", 6)));
  EXPECT_EQ(searched->known_to, Seqnr(6));
}

TEST_F(SearchTest, ABusyServerIsAskedAgain) {
  join();
  transport.answer("&limit=100", reply(503, "false", {{"retry-after", "7"}}));
  const Monotonic asked = clock.now;
  sleep();
  EXPECT_EQ(clock.now, asked + seconds(7));
  answer("&limit=100", reply(200, page("", "null")));
  EXPECT_TRUE(searched);
  EXPECT_THAT(numbers(), IsEmpty());
}

TEST_F(SearchTest, AServerThatOnlySpeaksWeChatIsNotAskedAndIsLeft) {
  session.start();
  transport.answer("/join/ringo", {200, {{"session", "key"}}, R"(["ringo"])"});
  transport.answer("/directory", {200, {}, R"(["ringo"])"});
  session.turn();
  EXPECT_THAT(refusals, ElementsAre(HasSubstr("cannot search")));
  EXPECT_TRUE(transport.has("/leave/"));
}

TEST_F(SearchTest, AHistoryWithoutASearchIsNotTakenForHits) {
  join();
  answer("&limit=100", reply(200, R"({"events":[],"first":null,"last":null,"next":1,"head":0})"));
  EXPECT_THAT(refusals, ElementsAre(HasSubstr("cannot search")));
  EXPECT_FALSE(searched);
}

}  // namespace
}  // namespace yallchat
