// How log lines look: text for a person at a terminal, one JSON object a line for everything else.
#pragma once

#include <string>

namespace yallchat {

// Sends all log lines to standard error. level: debug, info, warn or error.
void set_up_log_lines(const std::string& level);

}  // namespace yallchat
