// The command line of wechat -b. Never throws; prints nothing itself.
#pragma once

#include <string>
#include <variant>

#include "bridge/bridge.h"
#include "wechat/options.h"

namespace yallchat {

struct BridgeRunOptions {
  BridgeOptions bridge;
  std::string state;  // directory
  bool json = false;
  bool verbose = false;
};

// Whether it is one for a bridge.
bool is_bridge(int argc, const char* const* argv);

std::variant<BridgeRunOptions, EarlyExit> parse_bridge_options(int argc, const char* const* argv);

}  // namespace yallchat
