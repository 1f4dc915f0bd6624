#include "ledger.h"

#include <gtest/gtest.h>

namespace yallchat::bench {
namespace {

class LedgerTest : public testing::Test {
 protected:
  void post(int times) {
    while (times-- > 0) ledger_.post();
  }
  bool hears(std::size_t reader, std::uint32_t number) {
    return ledger_.hear(reader, number, [this](std::uint32_t n) { missing_.push_back(n); });
  }
  void end() {
    ledger_.end([this](std::uint32_t number) { missing_.push_back(number); });
  }
  using Numbers = std::vector<std::uint32_t>;

  // Even numbers are poster 0's and in channel 0, as readers 0 and 2 are.
  Ledger ledger_{{.readers = 3, .posters = 2, .channels = 2}};
  Numbers missing_;
};

TEST_F(LedgerTest, OwesEachMessageToTheReadersOfItsChannel) {
  post(3);
  EXPECT_EQ(ledger_.owed(), 2 + 1 + 2);
  EXPECT_TRUE(hears(0, 0) && hears(2, 0) && hears(1, 1) && hears(0, 2) && hears(2, 2));
  EXPECT_EQ(ledger_.owed(), 0);
  end();
  EXPECT_EQ(missing_, Numbers{});
}

TEST_F(LedgerTest, KnowsWhatIsWrong) {
  post(2);
  EXPECT_TRUE(hears(0, 0));
  EXPECT_FALSE(hears(0, 0)) << "twice";
  EXPECT_FALSE(hears(0, 1)) << "of another channel";
  EXPECT_FALSE(hears(0, 2)) << "never said";
}

TEST_F(LedgerTest, WhatWasSkippedIsMissingAndWrongWhenItComes) {
  post(5);
  EXPECT_TRUE(hears(0, 4));
  EXPECT_EQ(missing_, (Numbers{0, 2}));
  EXPECT_FALSE(hears(0, 2));
}

TEST_F(LedgerTest, InTheEndAllThatDidNotComeIsMissing) {
  post(3);
  EXPECT_TRUE(hears(0, 0));
  end();
  EXPECT_EQ(missing_, (Numbers{2, 1, 0, 2}));
  EXPECT_EQ(ledger_.owed(), 0);
}

TEST_F(LedgerTest, NothingIsOwedToWhoIsLost) {
  post(4);
  EXPECT_TRUE(hears(0, 0) && hears(0, 2) && hears(1, 1) && hears(1, 3));
  ledger_.lose(2);
  EXPECT_EQ(ledger_.owed(), 0);
  post(1);
  EXPECT_EQ(ledger_.owed(), 1);
  EXPECT_TRUE(hears(0, 4));
  end();
  EXPECT_EQ(missing_, (Numbers{0, 2, 4}));
}

}  // namespace
}  // namespace yallchat::bench
