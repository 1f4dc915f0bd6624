// The state table: the machine's rows, each with a checksum, and their number and digest kept in
// meta. One thread at a time, with its connection.
#pragma once

#include <vector>

#include "base/result.h"
#include "store/meta.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace yallchat {

// All rows, ordered by (kind, owner, id), every one verified, and their number and digest against
// meta. Error: damaged, naming the row; io.
Result<std::vector<StateRow>> read_state(SqliteConnection& connection, const Meta& meta);

class StateWriter {
 public:
  int prepare(const SqliteConnection& connection);
  // Writes or deletes one row, and counts it in meta.
  int write(const StateRow& row, Meta& meta);

 private:
  int remove(const StateRow& row);

  Statement old_checksum_;
  Statement replace_;
  Statement delete_;
};

}  // namespace yallchat
