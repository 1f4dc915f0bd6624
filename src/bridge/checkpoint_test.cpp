#include "bridge/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yallchat {
namespace {

Checkpoint full() {
  return {
      .from = "http://h:1/chats/a",
      .to = "http://h:2/chats/b",
      .life = 2,
      .done = Seqnr(83),
      .digest = "c0ffee",
      .said = "2026-01-02T03:04:05.678Z",
      .since = "2026-01-01T03:04:05.678Z",
      .flight = Checkpoint::Flight{
          .seqnr = Seqnr(84), .after = Seqnr(97), .name = "zo\xc3\xab x\n@a", .digest = "f00d"}};
}

TEST(Checkpoint, IsReadAsItWasWritten) {
  EXPECT_EQ(read_checkpoint(write_checkpoint(full())).value(), full());
  Checkpoint begun = full();
  begun.flight.reset();
  begun.digest.clear();
  begun.said.clear();
  begun.since.clear();
  EXPECT_EQ(read_checkpoint(write_checkpoint(begun)).value(), begun);
  begun.done.reset();
  EXPECT_EQ(read_checkpoint(write_checkpoint(begun)).value(), begun);
}

TEST(Checkpoint, ThatEndsEarlyIsDamagedAtAnyLength) {
  const std::string text = write_checkpoint(full());
  for (std::size_t length = 0; length < text.size(); ++length)
    EXPECT_EQ(read_checkpoint(text.substr(0, length)).error().code, Errc::damaged) << length;
}

TEST(Checkpoint, OfAnotherVersionIsNotGuessedAt) {
  EXPECT_EQ(read_checkpoint("yallchat-bridge-link 2\nend\n").error().code, Errc::unsupported);
  EXPECT_EQ(read_checkpoint("yallchat-bridge-link 1\nmore 1\nend\n").error().code, Errc::damaged);
  EXPECT_EQ(read_checkpoint("yallchat-bridge-sessions 1\nend\n").error().code, Errc::damaged);
}

TEST(SavedSessions, AreReadAsTheyWereWritten) {
  const SavedSessions saved{.chat = "http://h:1/chats/a",
                            .own = "bridge",
                            .keys = {{"bridge", "key 1"}, {"ringo@b", "key-2"}}};
  EXPECT_EQ(read_sessions(write_sessions(saved)).value(), saved);
  const SavedSessions none{.chat = "http://h:1/chats/a", .own = {}, .keys = {}};
  EXPECT_EQ(read_sessions(write_sessions(none)).value(), none);
  EXPECT_FALSE(read_sessions(write_checkpoint(full())));
}

TEST(FirstList, IsReadAsItWasWritten) {
  const FirstList none{.server = "http://h:1", .sides = "c0ffee", .channels = {}};
  const FirstList some{.server = "http://h:1", .sides = "c0ffee", .channels = {"d1", "d2"}};
  for (const FirstList& list : {none, some})
    EXPECT_EQ(read_first_list(write_first_list(list)).value(), list);
  EXPECT_FALSE(read_first_list(write_checkpoint(full())));
}

}  // namespace
}  // namespace yallchat
