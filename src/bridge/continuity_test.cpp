#include "bridge/continuity.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat {
namespace {

constexpr Monotonic now = std::chrono::seconds(1);
constexpr Monotonic later = now + std::chrono::milliseconds(limits::bridge_check_again_ms);

Event message(std::uint64_t seqnr, const std::string& body) {
  Event event;
  event.seqnr = Seqnr(seqnr);
  event.source = "ringo";
  event.body = body;
  event.time = "2026-01-02T03:04:05.678Z";
  return event;
}

HistoryStretch page(const Event& event) {
  StreamEvent told;
  told.type = StreamEvent::Type::message;
  told.event = event;
  return {.events = {told}, .oldest = false};
}

class ContinuityTest : public testing::Test {
 protected:
  ContinuityTest() {
    channel.read(message(82, "before"));
    channel.read(message(83, "hello"));
    channel.broke();
  }
  Continuity channel;
};

TEST(Continuity, OfWhatWasNotReadNothingIsAsked) {
  Continuity channel;
  channel.broke();
  EXPECT_TRUE(channel.sure());
  EXPECT_FALSE(channel.ask(now));
}

TEST(Continuity, WhereItBeginsTheNewestMessageIsAskedFor) {
  Continuity channel;
  channel.begin_at(Seqnr(83));
  EXPECT_TRUE(channel.sure());
  EXPECT_EQ(channel.ask(now), Seqnr(83));
  EXPECT_TRUE(channel.not_answered(now));
  EXPECT_EQ(channel.wake_at(), later);
  EXPECT_EQ(channel.ask(later), Seqnr(83));
  EXPECT_TRUE(channel.answered(page(message(83, "hello"))));
  channel.broke();
  EXPECT_EQ(channel.ask(later), Seqnr(83));
  EXPECT_FALSE(channel.answered(page(message(83, "goodbye"))));
}

TEST_F(ContinuityTest, AfterABreakTheLastMessageIsAskedForOnce) {
  EXPECT_FALSE(channel.sure());
  EXPECT_EQ(channel.ask(now), Seqnr(83));
  EXPECT_FALSE(channel.ask(now));
  EXPECT_TRUE(channel.answered(page(message(83, "hello"))));
  EXPECT_TRUE(channel.sure());
  EXPECT_FALSE(channel.ask(now));
}

TEST_F(ContinuityTest, NoneOrAnotherOneIsAnotherChannel) {
  channel.ask(now);
  EXPECT_FALSE(channel.answered({.events = {}, .oldest = true}));
  channel.broke();
  channel.ask(now);
  EXPECT_FALSE(channel.answered(page(message(83, "goodbye"))));
  channel.broke();
  channel.ask(now);
  Event other = message(83, "hello");
  other.time = "2026-01-02T03:04:05.679Z";
  EXPECT_FALSE(channel.answered(page(other)));
}

TEST_F(ContinuityTest, OneThatIsNoLongerKeptSaysNothing) {
  channel.ask(now);
  StreamEvent gap;
  gap.type = StreamEvent::Type::gap;
  EXPECT_TRUE(channel.answered({.events = {gap}, .oldest = true}));
}

TEST_F(ContinuityTest, AQuestionInVainIsAskedAgainAfterAWhileButNotForEver) {
  Monotonic at = now;
  for (int i = 1; i <= limits::bridge_checks; ++i) {
    EXPECT_FALSE(channel.sure());
    EXPECT_TRUE(channel.ask(at));
    EXPECT_EQ(channel.not_answered(at), i < limits::bridge_checks);
    EXPECT_FALSE(channel.ask(at));
    at += later - now;
  }
  EXPECT_TRUE(channel.sure());
}

}  // namespace
}  // namespace yallchat
