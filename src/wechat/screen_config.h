// What a user may set of the full screen, in $XDG_CONFIG_HOME/wechat/config.toml (docs/wechat.md).
// Any thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "wechat/bindings.h"
#include "wechat/style.h"

namespace yallchat::screen {

struct ScreenConfig {
  Theme theme;
  Bindings bindings;
  bool bell = false;  // when somebody mentions the user
  bool osc9 = false;
  bool osc777 = false;
  std::vector<std::string> words;  // that count as mentions, beside the name
};

// Without the file: the defaults. Error: invalid, naming file, line, setting, and what would be
// right.
Result<ScreenConfig> load_screen_config(const std::string& file);

// Of the file, from the environment; empty where there is no home.
std::string screen_config_path();

}  // namespace yallchat::screen
