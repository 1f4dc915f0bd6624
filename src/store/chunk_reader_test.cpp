#include "store/chunk_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/history_chunk.h"
#include "store/store_testing.h"

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::uint64_t> ids(const Result<std::vector<StoredChunk>>& chunks) {
  std::vector<std::uint64_t> found;
  for (const StoredChunk& chunk : *chunks) found.push_back(chunk.id);
  return found;
}

// Chunks 1 to 3 are of channel 1 (messages 1 to 150), 4 of channel 2, 5 of channel 1.
class ChunkReaderTest : public testing::Test {
 protected:
  ChunkReaderTest() : store_(directory_.file()) {
    store_.write(batch_of(1, 1, 1, 150));
    store_.write(batch_of(2, 2, 1, 10));
    store_.write(batch_of(3, 1, 151, 160));
    EXPECT_TRUE(reader_.open(directory_.file()).has_value());
  }

  TemporaryDirectory directory_;
  OpenStore store_;
  ChunkReader reader_;
};

TEST_F(ChunkReaderTest, GivesAllOfThemInTheOrderOfTheLogByteByByte) {
  EXPECT_EQ(*reader_.newest(), 5u);
  EXPECT_THAT(ids(reader_.after(0, 5, 1 << 20)), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(ids(reader_.after(1, 4, 1 << 20)), ElementsAre(2, 3, 4));
  EXPECT_THAT(ids(reader_.after(3, 5, 1)), ElementsAre(4));
  EXPECT_THAT(ids(reader_.after(5, 9, 1)), IsEmpty());
}

TEST_F(ChunkReaderTest, AChunkHasTheMessagesThatWereWritten) {
  const auto chunk = reader_.chunk(5);
  ASSERT_TRUE(chunk);
  EXPECT_EQ(chunk->channel, ChannelId(1));
  EXPECT_EQ(chunk->first, Seqnr(151));
  EXPECT_EQ(chunk->last, Seqnr(160));
  const auto view = ChunkView::open(chunk->records, chunk->channel, chunk->first);
  ASSERT_TRUE(view);
  EXPECT_EQ(*view->message(3), *message(1, 154, body_of(1, 154)));
  EXPECT_EQ(view->body(9), body_of(1, 160));
}

TEST_F(ChunkReaderTest, FindsTheChunkInWhichAMessageWouldBe) {
  EXPECT_EQ(reader_.newest_of(ChannelId(1), Seqnr(1000))->id, 5u);
  EXPECT_EQ(reader_.newest_of(ChannelId(1), Seqnr(150))->id, 3u);
  EXPECT_EQ(reader_.newest_of(ChannelId(1), Seqnr(150))->first, Seqnr(129));
  EXPECT_EQ(reader_.newest_of(ChannelId(1), Seqnr(64))->id, 1u);
  EXPECT_FALSE(reader_.newest_of(ChannelId(2), Seqnr(0)));
  EXPECT_FALSE(reader_.newest_of(ChannelId(3), Seqnr(1)));
}

TEST_F(ChunkReaderTest, SeesWhatTheStoreHasDeletedAndWrittenSince) {
  StoreBatch batch = batch_of(4, 2, 11, 11);
  batch.floors = {{ChannelId(1), Seqnr(150)}};
  store_.write(std::move(batch));
  EXPECT_EQ(*reader_.newest(), 6u);
  EXPECT_THAT(ids(reader_.after(0, 6, 1 << 20)), ElementsAre(3, 4, 5, 6));
  EXPECT_FALSE(reader_.chunk(1));
  std::vector<std::uint64_t> all;
  ASSERT_TRUE(reader_.for_each_id([&](std::uint64_t id) { all.push_back(id); }).has_value());
  EXPECT_THAT(all, UnorderedElementsAre(3, 4, 5, 6));
}

TEST(ChunkReader, WithoutAStoreThereIsNothingToOpen) {
  const TemporaryDirectory directory;
  const auto opened = ChunkReader().open(directory.file());
  ASSERT_TRUE(opened.has_error());
  EXPECT_EQ(opened.error().code, Errc::io);
  EXPECT_THAT(opened.error().message, HasSubstr("opening to read"));
}

}  // namespace
}  // namespace yallchat
