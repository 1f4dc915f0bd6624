#include "result.h"

#include <cstdio>

namespace yallchat::bench {
namespace {

double us(std::uint64_t ns) {
  return static_cast<double>(ns) / 1000;
}

void print_number(const char* name, std::uint64_t value) {
  std::printf("\"%s\": %llu, ", name, static_cast<unsigned long long>(value));
}

void print_throughput(double seconds, std::uint64_t successes) {
  std::printf("\"seconds\": %.6f, \"per_second\": %.1f, ", seconds,
              static_cast<double>(successes) / seconds);
  print_number("successes", successes);
}

void print_latency(const Histogram& latency) {
  std::printf("\"p50_us\": %.1f, \"p90_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, ",
              us(latency.quantile_ns(.5)), us(latency.quantile_ns(.9)),
              us(latency.quantile_ns(.99)), us(latency.quantile_ns(.999)));
  std::printf("\"max_us\": %.1f, ", us(latency.max_ns()));
}

void print_cpu(const RunResult& result) {
  const auto cpu = [](const char* name, std::int64_t ns) {
    std::printf("\"%s\": %.6f, ", name, static_cast<double>(ns) / 1e9);
  };
  cpu("load_cpu_s", result.own_cpu_ns);
  cpu("server_cpu_s", result.server_cpu_ns);
  cpu("machine_cpu_s", result.machine_cpu_ns);
}

void print_status(const RunResult& result) {
  std::printf("\"status\": {");
  const char* comma = "";
  for (std::size_t i = 0; i < result.status.size(); ++i) {
    if (result.status[i] == 0) continue;
    std::printf("%s\"%zu\": %llu", comma, i, static_cast<unsigned long long>(result.status[i]));
    comma = ", ";
  }
  std::printf("}");
}

}  // namespace

void print_json(const RunResult& result) {
  std::printf("{");
  print_throughput(result.seconds, result.latency.total());
  print_number("unanswered", result.unanswered);
  print_latency(result.latency);
  print_cpu(result);
  print_status(result);
  std::printf(", \"every_second\": [");
  const char* comma = "";
  for (const std::uint64_t count : result.every_second) {
    std::printf("%s%llu", comma, static_cast<unsigned long long>(count));
    comma = ", ";
  }
  std::printf("]}\n");
}

void print_json(const FanoutResult& result) {
  std::printf("{");
  print_throughput(result.posts.seconds, result.deliveries);
  print_number("unanswered", result.posts.unanswered);
  print_number("readers", result.readers);
  print_number("missing", result.missing);
  print_number("wrong", result.wrong);
  print_number("lost", result.lost);
  std::printf("\"subscribing_s\": %.3f, ", result.subscribing_s);
  print_number("memory_before", static_cast<std::uint64_t>(result.memory_before));
  print_number("memory_after", static_cast<std::uint64_t>(result.memory_after));
  print_latency(result.latency);
  std::printf("\"post_p50_us\": %.1f, \"post_p99_us\": %.1f, ",
              us(result.posts.latency.quantile_ns(.5)), us(result.posts.latency.quantile_ns(.99)));
  print_cpu(result.posts);
  print_status(result.posts);
  std::printf("}\n");
}

}  // namespace yallchat::bench
