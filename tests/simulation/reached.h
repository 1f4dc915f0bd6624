// The rare places that a history can get to. A simulation that never gets to one of them shows
// nothing about it, so they are counted, and a test insists on each.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace yallchat::simulation {

enum class Reached : std::size_t {
  crash_in_start,
  crash_in_life,
  crash_in_stop,
  power_loss,
  write_back_failed,
  store_tail_lost,
  append_survived_crash,
  append_lost_in_crash,
  segment_trimmed,
  start_refused_full_disk,
  refused_full_disk,
  refused_store_behind,
  expired,
  replaced_join,
  kicked,
  forgotten_channel,
  name_taken,
  channel_limit,
  session_limit,
  post_repeated,
  key_misused,
  keyed_posts_beyond_floor,
  floor_raised,
  too_many_polls,
  poll_of_ended_session,
  first_kept_told,
  read_from_store,
  cursor_went_back,
  count,
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Reached::count)>
    reached_names{"a crash while starting",
                  "a crash between start and stop",
                  "a crash while stopping",
                  "a loss of power",
                  "a sync that failed",
                  "a store that lost its last transactions",
                  "an unanswered append that was there after a crash",
                  "an unanswered append that was not",
                  "a segment trimmed",
                  "a start refused on a full disk",
                  "a command refused for a full disk",
                  "a post refused because the store is behind",
                  "a session expired",
                  "an unclaimed session replaced by the same join",
                  "a session ended by a kick",
                  "a channel forgotten",
                  "a name taken",
                  "a channel too many",
                  "a session too many",
                  "a post repeated",
                  "a key used for another text",
                  "more keyed posts than are promised",
                  "history cut by its limit",
                  "polls too many",
                  "a poll of a session that ended",
                  "a reader told of what is not kept any more",
                  "a message read from the store",
                  "a cursor taken back by a crash"};

using ReachedCounts = std::array<std::uint64_t, reached_names.size()>;

}  // namespace yallchat::simulation
