// The CPU time of other processes, with all their threads, to the nanosecond. Ends the process when
// one of them is gone: then there is nothing to measure.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace yallchat::bench {

std::int64_t cpu_ns_of(const std::vector<pid_t>& processes);
std::int64_t own_cpu_ns();
std::int64_t monotonic_ns();

}  // namespace yallchat::bench
