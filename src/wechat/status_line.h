// The line that says how things stand: the channels and what is new in them, the server, the
// connection. Pure; any thread.
#pragma once

#include "wechat/layout.h"

namespace yallchat::screen {

// As wide as asked; with as much of it as fits.
Spans status_line(const View& view, int width);

}  // namespace yallchat::screen
