// The shape of one simulated history, drawn from its seed before it begins.
//
// Most are small, for small ones are quick and find most; some are crowds, some say so much that
// the store falls behind, some go on for long. Values only.
#pragma once

#include <string_view>

#include "log/commit_choice.h"
#include "protocol/command.h"
#include "simulation/chance.h"

namespace yallchat::simulation {

struct Scenario {
  enum class Kind { small, crowd, heavy, lasting };

  Kind kind = Kind::small;
  std::size_t clients = 0;
  std::size_t channels = 0;
  std::size_t lives = 0;  // of the server, each with an end of its own, before the last one
  std::size_t steps = 0;  // of a life, at most
  std::size_t acts_a_step = 0;
  std::uint64_t slowest_step_ms = 0;

  std::size_t body_bytes = 0;           // of a message, at most
  std::size_t posted_bytes_a_step = 0;  // by all clients, so that an entry fits a small segment
  std::size_t segment_bytes = 0;
  bool inline_jobs = false;  // the log's background jobs are done at once
  CommitMode commit = CommitMode::inline_always;
  std::uint64_t slowest_commit_ms = 0;  // by a thread

  std::uint64_t lost_percent = 0;    // of answers: sent and not received
  std::uint64_t unsent_percent = 0;  // of answers: the connection broke before
  std::uint64_t late_percent = 0;    // of answers: sent some steps later
  std::uint64_t slowest_write_ms = 0;
  std::uint64_t slowest_read_ms = 0;
  std::uint64_t full_disk_percent = 0;  // of steps at which the log's disk becomes full
  std::uint64_t full_store_percent = 0;
  std::uint64_t clock_jump_percent = 0;

  std::uint64_t post_percent = 0;  // of what clients do
  std::uint64_t leave_percent = 0;
  std::uint64_t stream_percent = 0;
  std::size_t streams = 0;  // open at once, at most

  static Scenario draw(Chance& chance);
  // What a start proposes.
  Settings settings(Chance& chance) const;
};

std::string_view name_of(Scenario::Kind kind);

}  // namespace yallchat::simulation
