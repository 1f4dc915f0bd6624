// Whether to write colours: as --color says, else where somebody sees them and wants them.
#pragma once

namespace yallchat {

enum class Colour { automatic, always, never };

// to: the descriptor that is written to. By itself: a terminal, unless TERM is dumb, or NO_COLOR is
// set to something (no-color.org).
bool wants_colour(Colour colour, int to);

}  // namespace yallchat
