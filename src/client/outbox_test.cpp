#include "client/outbox.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat {
namespace {

Event message(std::optional<std::uint64_t> seqnr, std::string source, std::string body) {
  Event event;
  if (seqnr) event.seqnr = Seqnr(*seqnr);
  event.source = std::move(source);
  event.body = std::move(body);
  return event;
}

void send(Outbox& outbox, std::string text) {
  outbox.add({.number = 1, .text = std::move(text), .key = "k"});
  outbox.sent();
}

TEST(Outbox, IsFullAtItsBound) {
  Outbox outbox("ringo");
  for (std::size_t n = 0; n < limits::client_queued_lines; ++n) {
    EXPECT_FALSE(outbox.full());
    outbox.add({});
  }
  EXPECT_TRUE(outbox.full());
}

TEST(Outbox, WhatWasReadBackIsNotOpenThoughNobodyAcknowledgedIt) {
  Outbox outbox("ringo");
  outbox.add({.number = 4, .text = "a", .key = "k"});
  outbox.add({.number = 6, .text = "b", .key = "l"});
  EXPECT_EQ(outbox.unacknowledged(), (std::vector<std::uint64_t>{4, 6}));
  outbox.sent();
  outbox.saw(message(1, "ringo", "a"));
  EXPECT_EQ(outbox.unacknowledged(), (std::vector<std::uint64_t>{6}));
}

TEST(Outbox, KnowsAnOwnMessageByTheNumberOfItsAcknowledgement) {
  Outbox outbox("ringo");
  send(outbox, "hello");
  outbox.acknowledged(Seqnr(5));
  outbox.saw(message(4, "paul", "hello"));
  EXPECT_EQ(outbox.unseen(), 1U);
  outbox.saw(message(5, "Ringo", "hello"));
  EXPECT_EQ(outbox.unseen(), 0U);
}

TEST(Outbox, KnowsAnOwnMessageThatWasReadBeforeItsAcknowledgement) {
  Outbox outbox("ringo");
  send(outbox, "hello");
  outbox.saw(message(5, "ringo", "hello"));
  outbox.acknowledged(Seqnr(5));
  EXPECT_EQ(outbox.unseen(), 0U);
  send(outbox, "again");
  EXPECT_TRUE(outbox.saw(message(std::nullopt, "ringo", "again")));
  outbox.acknowledged(std::nullopt);
  EXPECT_EQ(outbox.unseen(), 0U);
}

TEST(Outbox, WithoutNumbersGoesBySenderAndText) {
  Outbox outbox("ringo");
  send(outbox, "hello");
  outbox.acknowledged(std::nullopt);
  outbox.saw(message(1, "paul", "hello"));
  EXPECT_EQ(outbox.unseen(), 1U);
  outbox.saw(message(2, "ringo", "hello"));
  EXPECT_EQ(outbox.unseen(), 0U);
}

TEST(Outbox, TheSameTextTwiceIsTwoMessages) {
  Outbox outbox("ringo");
  send(outbox, "same");
  outbox.acknowledged(std::nullopt);
  send(outbox, "same");
  EXPECT_FALSE(outbox.saw(message(1, "ringo", "same"))) << "that was the first";
  EXPECT_TRUE(outbox.saw(message(2, "ringo", "same")));
}

TEST(Outbox, ALineThatIsNotOnItsWayCannotHaveBeenRead) {
  Outbox outbox("ringo");
  outbox.add({.number = 1, .text = "hello", .key = "k"});
  EXPECT_FALSE(outbox.saw(message(1, "ringo", "hello")));
}

TEST(Outbox, RemembersABoundedNumberThatWereNotReadBack) {
  Outbox outbox("ringo");
  for (std::size_t n = 0; n <= limits::client_unseen_messages; ++n) {
    send(outbox, "x");
    outbox.acknowledged(std::nullopt);
  }
  EXPECT_EQ(outbox.unseen(), limits::client_unseen_messages);
}

}  // namespace
}  // namespace yallchat
