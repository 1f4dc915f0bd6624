// Where a user's files belong, as the XDG base directory specification has it. Any thread, while
// none changes the environment.
#pragma once

#include <string>

namespace yallchat::screen {

// The folder of wechat below the one that the variable names, or else below $HOME/otherwise; empty
// where there is neither. A path that is not absolute does not count.
std::string xdg_folder(const char* variable, const char* otherwise);

}  // namespace yallchat::screen
