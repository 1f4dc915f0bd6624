// The meta table's one row: what the store as a whole holds. Every transaction replaces it.
// One thread at a time, with its connection.
#pragma once

#include <cstdint>

#include "base/ids.h"
#include "base/result.h"
#include "store/sqlite.h"

namespace yallchat {

struct Meta {
  Index position;                // the last entry of the log that is in the store
  std::uint64_t state_hash = 0;  // the machine's, at that position
  std::uint64_t next_chunk =
      1;  // the next row of history; never used twice, though rows are deleted
  std::uint64_t state_rows = 0;    // how many rows state has
  std::uint64_t state_digest = 0;  // the sum of their checksums, modulo 2^64: it needs no order
  std::uint64_t channel_rows = 0;  // the same of channels
  std::uint64_t channel_digest = 0;
};

// Error: damaged, io.
Result<Meta> read_meta(SqliteConnection& connection);

class MetaWriter {
 public:
  int prepare(const SqliteConnection& connection);
  int write(const Meta& meta);

 private:
  Statement replace_;
};

}  // namespace yallchat
