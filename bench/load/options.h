// What the load generator is asked to do; its command line. Main thread.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "answers.h"

namespace yallchat::bench {

struct Options {
  Protocol protocol = Protocol::http;
  std::uint16_t port = 0;  // on 127.0.0.1
  std::string requests;    // a file, see request_file.h
  std::size_t connections = 64;
  std::size_t depth = 1;    // requests that a connection has unanswered at one time, at most
  double rate = 0;          // requests a second of all connections; 0: closed loop
  double warmup_s = 0;      // before what is measured
  double seconds = 0;       // that are measured
  std::uint64_t count = 0;  // instead of seconds: so many requests, all measured
  int expect = 200;         // any other status is counted, and is no success
  std::string capture;      // with count: the header whose values are written to captured_to
  std::string captured_to;
  std::vector<pid_t> cpu_of;  // processes whose CPU time is measured beside our own
};

inline constexpr const char* usage =
    R"(yallchat-load --port N --requests FILE [--seconds S | --count N] [more]: load on 127.0.0.1
yallchat-load --sync-cost DIRECTORY: what making a few bytes durable costs there
  --protocol http|resp   --connections N   --depth N       --expect STATUS   --warmup S
  --rate N   open loop: N requests a second, sent whatever the answers do; else closed loop
  --capture HEADER --captured-to FILE   a line an answer, in the order of the requests
  --cpu-of PID   may be repeated
Prints one JSON object.
)";

// Exits with 2 and a line that says why if the command line is wrong.
Options parse_options(const std::vector<std::string>& arguments);

}  // namespace yallchat::bench
