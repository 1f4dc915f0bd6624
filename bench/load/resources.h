// What processes take: CPU time, of others with all their threads, to the nanosecond; of the whole
// machine, to 10 ms; memory. Ends the process when one of them is gone: then there is nothing to
// measure.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace yallchat::bench {

std::int64_t cpu_ns_of(const std::vector<pid_t>& processes);
std::int64_t own_cpu_ns();
std::int64_t machine_cpu_ns();  // of all cores; waiting for a disk is not in it
std::int64_t monotonic_ns();

std::int64_t memory_bytes_of(const std::vector<pid_t>& processes);  // resident

// So many files may be open as the system lets us without asking for more rights.
void allow_many_files();

}  // namespace yallchat::bench
