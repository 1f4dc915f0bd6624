#include "sync_cost.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "die.h"
#include "histogram.h"
#include "resources.h"

namespace yallchat::bench {
namespace {

constexpr std::size_t file_bytes = 16 * 1024 * 1024;
constexpr std::int64_t enough_ns = 1'000'000'000;

void write_all(int fd, const std::string& bytes, off_t at) {
  if (pwrite(fd, bytes.data(), bytes.size(), at) != static_cast<ssize_t>(bytes.size()))
    die_of_errno("cannot write");
}

// The writes go one behind another through a file whose blocks are there, for a second.
Histogram measure(int fd, std::size_t bytes) {
  const std::string written(bytes, 'x');
  Histogram latency;
  const std::int64_t start = monotonic_ns();
  std::int64_t before = start;
  for (std::size_t at = 0; before - start < enough_ns && at + bytes <= file_bytes; at += bytes) {
    write_all(fd, written, static_cast<off_t>(at));
    if (fdatasync(fd) != 0) die_of_errno("cannot sync");
    const std::int64_t after = monotonic_ns();
    latency.record(after - before);
    before = after;
  }
  return latency;
}

void print(const char* name, const Histogram& latency) {
  std::printf("\"%s\": {\"p50_us\": %.1f, \"p99_us\": %.1f}", name,
              static_cast<double>(latency.quantile_ns(.5)) / 1000,
              static_cast<double>(latency.quantile_ns(.99)) / 1000);
}

}  // namespace

void print_sync_cost(const std::string& directory) {
  const std::string path = directory + "/sync-cost";
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) die_of_errno("cannot make " + path);
  write_all(fd, std::string(file_bytes, '\0'), 0);
  if (fsync(fd) != 0) die_of_errno("cannot sync");
  std::printf("{");
  print("bytes_150", measure(fd, 150));
  std::printf(", ");
  print("bytes_4096", measure(fd, 4096));
  std::printf("}\n");
  close(fd);
  unlink(path.c_str());
}

}  // namespace yallchat::bench
