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

struct FanoutResult {
  RunResult posts;    // and the CPU of all
  Histogram latency;  // of deliveries, and of what is missing
  std::uint64_t readers = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t missing = 0;       // deliveries that did not come
  std::uint64_t wrong = 0;         // that came twice, not in order, or to whom they do not belong
  std::uint64_t lost = 0;          // readers who were disconnected
  double subscribing_s = 0;        // until all readers had subscribed
  std::int64_t memory_before = 0;  // of the server, without readers
  std::int64_t memory_after = 0;   // with all of them, at the end
};

void print_json(const RunResult& result);
void print_json(const FanoutResult& result);

}  // namespace yallchat::bench
