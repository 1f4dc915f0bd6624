// The command line of yallchatctl. Never throws; prints nothing itself.
#pragma once

#include <string>
#include <variant>

namespace yallchat::ctl {

enum ExitCode {
  exit_done = 0,
  exit_refused = 1,      // the server says no
  exit_usage = 2,        // a wrong command line
  exit_unreachable = 3,  // no server answers
};

struct Kick {
  std::string channel;
  std::string user;
};
struct Status {};

struct Options {
  std::string socket;  // a path
  std::variant<Status, Kick> command;
};

// Instead of a command: what to print, where, and the exit code (help and version: 0; wrong usage:
// 2).
struct EarlyExit {
  ExitCode code = exit_done;
  std::string text;  // standard output for 0, else standard error
};

// Reads YALLCHAT_DATA and YALLCHAT_ADMIN_SOCKET too, as yallchatd does; flags win.
std::variant<Options, EarlyExit> parse_options(int argc, const char* const* argv);

}  // namespace yallchat::ctl
