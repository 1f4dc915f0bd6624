// The command line of wechat. Never throws; prints nothing itself.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include "client/url.h"
#include "wechat/colour.h"

namespace yallchat {

struct Options {
  std::string user;
  ChatUrl url;
  std::chrono::milliseconds interval{1'000};
  // None: a minute in line mode, for ever on the full screen.
  std::optional<std::chrono::milliseconds> retry;
  bool json = false;
  bool follow = false;
  bool poll = false;
  std::optional<std::string> search;  // these words, instead of a chat
  std::size_t limit = 100;            // of their hits
  bool line = false;                  // line mode on a terminal too
  Colour colour = Colour::automatic;
  bool quiet = false;
  bool verbose = false;

  bool is_chat() const { return !poll && !search; }
  bool may_be_full_screen() const { return is_chat() && !line && !json && !quiet && !follow; }
};

// Instead of a chat: what to print, where, and the exit code (help and version: 0; wrong usage: 2).
struct EarlyExit {
  int code = 0;
  std::string text;  // standard output for 0, else standard error
};

std::variant<Options, EarlyExit> parse_options(int argc, const char* const* argv);

}  // namespace yallchat
