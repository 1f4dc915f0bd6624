// The checker: hears of every entry and effect of every life, and knows what must be the same in
// all of them.
//
// Beside the model of the chat it keeps, by index, the digest of the entry and the state's hash
// after it, and a machine of its own that applies each entry once and never stops: whatever a
// process makes of store and log must equal it. A check that fails throws Violation. One thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "simulation/model.h"
#include "simulation/posts.h"
#include "simulation/trace.h"

namespace yallchat::simulation {

class Checker {
 public:
  Checker(Trace& trace, const Clock& clock) : model(trace), trace_(trace), clock_(clock) {}

  // --- What one life does, in this order ---
  // It has opened store and log, and nothing is applied yet.
  void opened(Index log_last, Index stored, std::uint64_t stored_hash);
  void appending(std::string_view entry);
  void append_refused() { in_flight_.reset(); }
  // An entry comes from the log; then effects for each command; then it is applied.
  void entry_comes(Index index, std::string_view entry);
  void effects(Index index, const Effects& effects, const Machine& machine);
  void entry_applied(Index index, const Machine& machine);

  // Everything about the machine that can be looked at.
  void compare(const Machine& machine) const;

  Model model;
  Posts posts;
  Index last() const { return last_; }

 private:
  void compare(const Session& session, const Session& shadow) const;

  Trace& trace_;
  const Clock& clock_;
  Machine shadow_;
  Index last_;                         // the last entry that any life was given
  Index coming_;                       // the one that is being applied
  std::vector<std::uint64_t> hashes_;  // of the state after entry i + 1
  std::vector<std::uint64_t> digests_;
  std::optional<std::uint64_t> in_flight_;  // appended, not yet given to anybody
};

}  // namespace yallchat::simulation
