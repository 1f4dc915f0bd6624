#include "store/history_chunk.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "store/store_testing.h"

namespace yallchat {
namespace {

std::vector<MessagePtr> some(std::uint64_t first, std::size_t count, std::size_t body_bytes) {
  std::vector<MessagePtr> messages;
  for (std::size_t i = 0; i < count; ++i) {
    messages.push_back(
        message(7, first + i, std::string(body_bytes, static_cast<char>('a' + i % 26))));
  }
  return messages;
}

TEST(HistoryChunk, GivesBackWhatWasPutIn) {
  const auto messages = some(41, 5, 10);
  std::string blob = "what was there before";
  encode_chunk(messages, blob);
  const auto chunk = ChunkView::open(blob, ChannelId(7), Seqnr(41));
  ASSERT_TRUE(chunk);
  ASSERT_EQ(chunk->count(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(*chunk->message(i), *messages[i]);
}

TEST(HistoryChunk, IsBoundedInMessagesAndBytesButTakesOneOfAnySize) {
  EXPECT_EQ(chunk_length(some(1, 3, 10)), 3u);
  EXPECT_EQ(chunk_length(some(1, limits::chunk_messages + 1, 10)), limits::chunk_messages);
  EXPECT_EQ(chunk_length(some(1, 10, limits::chunk_bytes / 4)), 3u);
  EXPECT_EQ(chunk_length(some(1, 2, limits::max_message_ceiling)), 1u);
}

TEST(HistoryChunk, InAnotherPlaceIsDamaged) {
  std::string blob;
  encode_chunk(some(41, 2, 10), blob);
  EXPECT_FALSE(ChunkView::open(blob, ChannelId(8), Seqnr(41)));
  EXPECT_FALSE(ChunkView::open(blob, ChannelId(7), Seqnr(42)));
}

// Every bit of a chunk: in the header it damages the chunk, in a record that message and no other.
TEST(HistoryChunk, AnyFlippedBitIsFoundAndBlamedOnOneMessageOrTheWholeChunk) {
  const auto messages = some(41, 3, 10);
  std::string blob;
  encode_chunk(messages, blob);
  const std::size_t header = 4 + 4 + 3 * 4;
  for (std::size_t bit = 0; bit < blob.size() * 8; ++bit) {
    std::string damaged = blob;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    const auto chunk = ChunkView::open(damaged, ChannelId(7), Seqnr(41));
    ASSERT_EQ(chunk.has_value(), bit / 8 >= header) << bit;
    if (!chunk) continue;
    int lost = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const MessagePtr found = chunk->message(i);
      lost += found == nullptr;
      EXPECT_TRUE(!found || *found == *messages[i]) << bit;
    }
    ASSERT_EQ(lost, 1) << bit;
  }
}

TEST(HistoryChunk, CutAtAnyLengthNeverYieldsAWrongMessage) {
  const auto messages = some(41, 3, 10);
  std::string blob;
  encode_chunk(messages, blob);
  for (std::size_t length = 0; length < blob.size(); ++length) {
    const std::string cut = blob.substr(0, length);
    const auto chunk = ChunkView::open(cut, ChannelId(7), Seqnr(41));
    if (!chunk) continue;
    for (std::size_t i = 0; i < 3; ++i) {
      const MessagePtr found = chunk->message(i);
      EXPECT_TRUE(!found || *found == *messages[i]) << length;
    }
    EXPECT_EQ(chunk->message(2), nullptr);
  }
}

}  // namespace
}  // namespace yallchat
