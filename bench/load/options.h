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
  std::vector<pid_t> cpu_of;  // processes whose CPU time and memory are measured beside our own

  // Fan-out, see fanout.h. Without readers there is none.
  std::string readers;             // a file: of each reader a request for each step
  std::vector<std::string> ready;  // of each step: the text that ends the wait for its answer
  std::string greetings;           // a file: what each poster says first, if anything
  std::size_t channels = 1;
  std::uint64_t backlog = 0;  // messages that are there already, for each reader to catch up with
};

inline constexpr const char* usage =
    R"(yallchat-load --port N --requests FILE [--seconds S | --count N] [more]: load on 127.0.0.1
yallchat-load --sync-cost DIRECTORY: what making a few bytes durable costs there
  --protocol http|resp   --connections N   --depth N       --expect STATUS   --warmup S
  --rate N   open loop: N requests a second, sent whatever the answers do; else closed loop
  --capture HEADER --captured-to FILE   a line an answer, in the order of the requests
  --cpu-of PID   may be repeated
yallchat-load --port N --readers FILE --ready TEXT [--requests FILE --rate N] --seconds S [more], or
yallchat-load --port N --readers FILE --ready TEXT --backlog N: fan-out
  --ready TEXT   once for each step: what the answer to it has; the last is not waited for with
                 --backlog
  --requests FILE --rate N   posts, each with a stamp; without them the readers only wait
  --connections N   that post; a multiple of --channels
  --protocol irc    posts are not answered    --greetings FILE   what they say first
  --channels N   reader i and post i are in channel i mod N
Prints one JSON object.
)";

// Exits with 2 and a line that says why if the command line is wrong.
Options parse_options(const std::vector<std::string>& arguments);

}  // namespace yallchat::bench
