// The machine's state as rows for a store, and back.
//
// Only what changed since the last time is written, so a transaction costs what happened, not what
// exists.
#pragma once

#include <vector>

#include "base/result.h"
#include "machine/machine.h"
#include "protocol/state_row.h"

namespace yallchat {

class StateRows {
 public:
  // The rows that changed since the last call, each at most once; the partition's own row is always
  // there.
  static std::vector<StateRow> take_changes(Machine& machine);

  // A machine with the state of rows (ordered by kind, owner, id; from an empty store: none) and
  // this running hash. Error: damaged (says which row), unsupported (written by a newer version).
  static Result<Machine> load(const std::vector<StateRow>& rows, std::uint64_t state_hash);

 private:
  static bool load_row(const StateRow& row, Machine& machine);
  static bool load_partition(const StateRow& row, Machine& machine);
};

}  // namespace yallchat
