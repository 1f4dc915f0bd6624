// The line that says how things stand: the channels and what is new in them, the server, the
// connection. Pure; any thread.
#pragma once

#include "wechat/layout.h"

namespace yallchat::screen {

// As wide as asked. Where it does not all fit the server goes first, then other channels (a "+3"
// says how many, "+3!" that somebody calls there), those with nothing new before the others; the
// active one and the connection are the last to be cut.
Spans status_line(const View& view, int width);

}  // namespace yallchat::screen
