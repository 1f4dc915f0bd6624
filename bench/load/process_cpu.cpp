#include "process_cpu.h"

#include <ctime>

#include "die.h"

namespace yallchat::bench {
namespace {

std::int64_t read_clock(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) die_of_errno("cannot read a clock");
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

std::int64_t cpu_ns_of(const std::vector<pid_t>& processes) {
  std::int64_t sum = 0;
  for (const pid_t process : processes) {
    clockid_t clock{};
    if (clock_getcpuclockid(process, &clock) != 0)
      die("process " + std::to_string(process) + " has no clock: it has ended");
    sum += read_clock(clock);
  }
  return sum;
}

std::int64_t own_cpu_ns() {
  return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}
std::int64_t monotonic_ns() {
  return read_clock(CLOCK_MONOTONIC);
}

}  // namespace yallchat::bench
