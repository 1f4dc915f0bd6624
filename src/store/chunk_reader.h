// Chunks of history as they are, for further views of it beside the store: in the order of the log,
// or one by its id.
//
// It reads through a connection of its own, on the thread of its owner; it never writes, and holds
// a snapshot for the duration of a call only, because an old snapshot keeps the store's writer from
// completing a checkpoint. What is below a channel's floor may still be seen: the caller knows the
// floors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "store/sqlite.h"

namespace yallchat {

struct StoredChunk {
  std::uint64_t id = 0;  // grows with the log, and is never used twice
  ChannelId channel;
  Seqnr first;
  Seqnr last;
  std::string records;  // for ChunkView; nothing about it has been verified
};

struct ChunkPlace {
  std::uint64_t id = 0;
  Seqnr first;
};

class ChunkReader {
 public:
  // The store must have been opened before. Error: damaged, io.
  Result<void> open(const std::filesystem::path& file);

  // The id of the last chunk that was written. Error: damaged, io.
  Result<std::uint64_t> newest();

  // The chunks behind the one with this id, to the one with id through at most, until they have so
  // many bytes, but at least one if there is one. Error: damaged (the first of them), io.
  Result<std::vector<StoredChunk>> after(std::uint64_t id, std::uint64_t through,
                                         std::size_t bytes);

  // Nothing when it was deleted, or its row is damaged.
  std::optional<StoredChunk> chunk(std::uint64_t id);

  // The newest chunk of the channel that begins at or before seqnr.
  std::optional<ChunkPlace> newest_of(ChannelId channel, Seqnr seqnr);

  // Calls for the id of each chunk, in any order. Error: damaged, io.
  Result<void> for_each_id(const std::function<void(std::uint64_t)>& call);

 private:
  SqliteConnection connection_;
  Statement after_;
  Statement chunk_;
  Statement newest_of_;
  Statement ids_;
};

}  // namespace yallchat
