// Faults that are put into the system on purpose, to see that the checker finds them.
//
// Each breaks one promise of one part, where the simulation wraps that part; none is ever on unless
// asked for by name.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace yallchat::simulation {

enum class Canary {
  none,
  lying_sync,       // the disk says synced, and has not written
  dropped_command,  // the log delivers an entry without its last command when it is read again
  early_answer,     // a post is answered before it is in the log
  forgotten_row,    // the store loses a changed row of the state
  lost_message,     // the store loses a message of its history
  early_trim,       // the store says checkpointed when it is only written
  early_cursor,     // the cursor moves though the answer was not sent
  fast_clock,       // the log's seconds are too short
  unkeyed_retry,    // the Idempotency-Key of a retried post is ignored
  blind_to_case,    // Ringo and ringo are taken for two users
  stale_directory,  // a reader is not told of who came and went
  doubled_message,  // the hub gives another message than was asked for
  long_wait,        // a long poll waits twice as long as was asked
  short_batch,      // a batch is told without its first message
  dropped_rest,     // the rest of an event that a stream had no room for is not sent
  skipped_event,    // a stream leaves out an event when it goes from live back to history
  lost_join,        // streams are not told of who comes
  lost_end,         // a stream ends without a word
};

struct CanaryName {
  Canary canary;
  std::string_view name;
};

inline constexpr std::array canary_names{
    CanaryName{Canary::lying_sync, "lying-sync"},
    CanaryName{Canary::dropped_command, "dropped-command"},
    CanaryName{Canary::early_answer, "early-answer"},
    CanaryName{Canary::forgotten_row, "forgotten-row"},
    CanaryName{Canary::lost_message, "lost-message"},
    CanaryName{Canary::early_trim, "early-trim"},
    CanaryName{Canary::early_cursor, "early-cursor"},
    CanaryName{Canary::fast_clock, "fast-clock"},
    CanaryName{Canary::unkeyed_retry, "unkeyed-retry"},
    CanaryName{Canary::blind_to_case, "blind-to-case"},
    CanaryName{Canary::stale_directory, "stale-directory"},
    CanaryName{Canary::doubled_message, "doubled-message"},
    CanaryName{Canary::long_wait, "long-wait"},
    CanaryName{Canary::short_batch, "short-batch"},
    CanaryName{Canary::dropped_rest, "dropped-rest"},
    CanaryName{Canary::skipped_event, "skipped-event"},
    CanaryName{Canary::lost_join, "lost-join"},
    CanaryName{Canary::lost_end, "lost-end"},
};

inline std::optional<Canary> canary_of(std::string_view name) {
  for (const CanaryName& known : canary_names)
    if (known.name == name) return known.canary;
  return std::nullopt;
}

}  // namespace yallchat::simulation
