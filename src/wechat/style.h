// Text with its looks, as the layout makes it and a terminal shows it. Values.
#pragma once

#include <string>
#include <vector>

namespace yallchat::screen {

struct Style {
  int colour = -1;  // 0 to 255 as xterm has them; -1: the terminal's own
  bool bold = false;
  bool dim = false;
  bool reverse = false;
  bool underline = false;

  bool operator==(const Style&) const = default;
};

// Text that can do nothing to a terminal (terminal_text).
struct Span {
  std::string text;
  Style style;

  bool operator==(const Span&) const = default;
};
using Spans = std::vector<Span>;

struct Theme {
  std::vector<int> names{39, 208, 76, 170, 214, 45, 203, 141, 112, 220, 75, 205};
  int mention = 214;
  int notice = 245;
  int warning = 203;
  int read_line = 203;
};

}  // namespace yallchat::screen
