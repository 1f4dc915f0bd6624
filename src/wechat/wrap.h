// Breaking text into rows of a width. Pure; any thread.
#pragma once

#include <vector>

#include "wechat/style.h"

namespace yallchat::screen {

// At spaces where it can be, inside of words where it must; a newline always begins a row. Rows
// after the first begin with so many spaces, if that leaves room. A character that is wider than
// such rows is shown as "?". At least one row; width: at least 1.
std::vector<Spans> wrap(const Spans& text, int width, int indent);

}  // namespace yallchat::screen
