// What yallchatctl does: asks the server behind the socket, and prints what it says.
//
// Standard output has what was asked for, standard error what went wrong, in lines that begin with
// "yallchatctl:". One thread.
#pragma once

#include "ctl/options.h"

namespace yallchat::ctl {

ExitCode run(const Options& options);

}  // namespace yallchat::ctl
