// The end of a generator that cannot go on: a measurement with a hole is worth nothing.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace yallchat::bench {

[[noreturn]] inline void die(const std::string& what) {
  std::fprintf(stderr, "yallchat-load: %s\n", what.c_str());
  std::exit(1);
}

[[noreturn]] inline void die_of_errno(const std::string& what) {
  die(what + ": " + std::strerror(errno));
}

}  // namespace yallchat::bench
