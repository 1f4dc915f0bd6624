#include "result.h"

#include <cstdio>

namespace yallchat::bench {
namespace {

double us(std::uint64_t ns) {
  return static_cast<double>(ns) / 1000;
}

}  // namespace

void print_json(const RunResult& result) {
  const Histogram& latency = result.latency;
  const auto successes = static_cast<double>(latency.total());
  std::printf("{\"seconds\": %.6f, \"successes\": %llu, \"per_second\": %.1f, \"unanswered\": %llu",
              result.seconds, static_cast<unsigned long long>(latency.total()),
              successes / result.seconds, static_cast<unsigned long long>(result.unanswered));
  std::printf(", \"p50_us\": %.1f, \"p90_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f",
              us(latency.quantile_ns(.5)), us(latency.quantile_ns(.9)),
              us(latency.quantile_ns(.99)), us(latency.quantile_ns(.999)));
  std::printf(", \"max_us\": %.1f", us(latency.max_ns()));
  const auto cpu = [](const char* name, std::int64_t ns) {
    std::printf(", \"%s\": %.6f", name, static_cast<double>(ns) / 1e9);
  };
  cpu("load_cpu_s", result.own_cpu_ns);
  cpu("server_cpu_s", result.server_cpu_ns);
  cpu("machine_cpu_s", result.machine_cpu_ns);
  std::printf(", \"status\": {");
  const char* comma = "";
  for (std::size_t i = 0; i < result.status.size(); ++i) {
    if (result.status[i] == 0) continue;
    std::printf("%s\"%zu\": %llu", comma, i, static_cast<unsigned long long>(result.status[i]));
    comma = ", ";
  }
  std::printf("}, \"every_second\": [");
  comma = "";
  for (const std::uint64_t count : result.every_second) {
    std::printf("%s%llu", comma, static_cast<unsigned long long>(count));
    comma = ", ";
  }
  std::printf("]}\n");
}

}  // namespace yallchat::bench
