// A chunk: consecutive messages of one channel, as one blob in a row of the history table.
//
//   header   u32 checksum | u32 count | u32 end of record, count times (from the first record's
//   beginning) record   u32 checksum | i64 time_ms | u16 bytes of source | u16 bytes of origin |
//   source | origin | body
//
// The header's CRC32C is over its other fields, seeded with the channel and the first seqnr; a
// record's is over its other fields, seeded with the channel and its own seqnr. So a flipped bit in
// a record damages one message, and a record or chunk that stands in another's place is damaged
// too. A damaged header damages the chunk: where its messages begin is not known any more. Any
// thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "protocol/message.h"

namespace yallchat {

// How many of messages (consecutive, of one channel, at least one) make up the first chunk: at most
// limits::chunk_messages of them and limits::chunk_bytes, but never less than one.
std::size_t chunk_length(std::span<const MessagePtr> messages);

// Replaces blob, so that its memory can serve again.
void encode_chunk(std::span<const MessagePtr> messages, std::string& blob);

class ChunkView {
 public:
  // blob must outlive the view. nullopt: the header is damaged.
  static std::optional<ChunkView> open(std::string_view blob, ChannelId channel, Seqnr first);

  std::size_t count() const { return count_; }
  // The message with seqnr first + i, i < count(). Null: it is damaged.
  MessagePtr message(std::size_t i) const;
  // Its body only, within the blob. nullopt: it is damaged.
  std::optional<std::string_view> body(std::size_t i) const;

 private:
  struct Record;
  std::optional<Record> record(std::size_t i) const;

  ChunkView(std::string_view blob, ChannelId channel, Seqnr first, std::size_t count)
      : blob_(blob), channel_(channel), first_(first), count_(count) {}

  std::string_view blob_;
  ChannelId channel_;
  Seqnr first_;
  std::size_t count_;
};

}  // namespace yallchat
