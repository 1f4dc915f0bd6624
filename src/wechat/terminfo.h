// Terminfo: the sequences by which a terminal is told what to do, from the database of ncurses.
//
// What a terminal cannot do is an empty text. One thread; read once.
#pragma once

#include <string>

#include "base/result.h"

namespace yallchat::screen {

struct Terminfo {
  std::string enter;  // the full screen, its keys, no wrapping at the right edge, bracketed paste
  std::string leave;  // and everything back as it was, also from within a frame
  // What is written between these is shown at once, and never half of it (synchronized output).
  std::string begin_frame;
  std::string end_frame;
  std::string clear;
  std::string clear_to_end_of_row;
  std::string plain;
  std::string bold;
  std::string dim;
  std::string reverse;
  std::string underline;
  std::string hide_cursor;
  std::string show_cursor;
  int colours = 0;

  std::string move(int row, int column) const;
  std::string colour(int number) const;
};

// Of the terminal that TERM names. Error: unsupported, where it cannot place text.
Result<Terminfo> read_terminfo();

}  // namespace yallchat::screen
