// What a run gave, and its JSON. A value.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "histogram.h"

namespace yallchat::bench {

struct RunResult {
  double seconds = 0;
  Histogram latency;                         // of answers with the expected status
  std::array<std::uint64_t, 1000> status{};  // answers by status
  std::vector<std::uint64_t> every_second;   // successes in each second
  std::uint64_t unanswered = 0;              // when the time to wait for them was over
  std::int64_t own_cpu_ns = 0;
  std::int64_t server_cpu_ns = 0;
  std::int64_t machine_cpu_ns = 0;  // of everything that ran
};

void print_json(const RunResult& result);

}  // namespace yallchat::bench
