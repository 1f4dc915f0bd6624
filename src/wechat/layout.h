// The layout: what the screen shows of the rooms, at a size: messages above, the directory beside
// them, then the status line, then the line that is typed.
//
// Never wider or higher than asked, from 1x1 on. Nothing in it can do anything to a terminal. Pure
// but for the time zone; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "wechat/room.h"
#include "wechat/style.h"

namespace yallchat::screen {

struct Size {
  int width = 1;
  int height = 1;

  bool operator==(const Size&) const = default;
};

struct Piece {
  int column = 0;
  Span span;

  bool operator==(const Piece&) const = default;
};
using Row = std::vector<Piece>;

struct Frame {
  Size size;
  std::vector<Row> rows;  // as many as the screen is high
  int cursor_row = 0;
  int cursor_column = 0;
};

struct View {
  std::vector<const Room*> rooms;  // not empty
  std::size_t active = 0;
  bool directory = true;
  std::string question;  // in place of the line that is typed, where not empty
  Theme theme;
  Monotonic now{};
};

Frame lay_out(const View& view, Size size);

// The part of the screen that messages have.
Size message_area(const View& view, Size size);
// Where the active room is after scrolling back by so many rows (on, where negative); nothing: at
// its end, following what comes.
std::optional<Place> scrolled(const View& view, Size size, int rows);
// Whether less than a screen of the active room is above of what is seen.
bool near_the_top(const View& view, Size size);

}  // namespace yallchat::screen
