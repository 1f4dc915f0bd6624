// Terminal: the one on standard input and output, in full screen: raw keys in, frames out.
//
// Its rows are written by us, not by curses' windows: each piece is put at its column, so a
// terminal that disagrees about the width of a character shifts nothing but what follows it in that
// piece (see docs/adr/0019). What is on it is remembered, and only rows that differ are written,
// as a frame of which a terminal of today shows no half. A terminal that takes nothing holds nobody
// up: one frame waits for it, and later ones are not drawn until it is taken. The terminal is put
// back by the destructor, and by LastWords when the process dies. One thread; one in a process.
#pragma once

#include <termios.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "wechat/last_words.h"
#include "wechat/layout.h"
#include "wechat/terminal_output.h"
#include "wechat/terminfo.h"

namespace yallchat::screen {

class Terminal {
 public:
  // Error: unsupported, or io.
  static Result<std::unique_ptr<Terminal>> open(bool colour);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // As it is now; at least 1x1.
  Size size() const;
  // Bytes as they are, such as a bell, go with it.
  void draw(const Frame& frame, std::string_view bytes);
  // Whether it has all of the last frame; else the next is to be drawn after go_on(), when output()
  // can be written.
  bool has_all() const { return !output_.waits(); }
  int output() const { return output_.fd(); }
  void go_on() { output_.go_on(); }
  // Something else was written to it: the next frame is drawn as a whole.
  void forget() { shown_.reset(); }

  // For as long as somebody else has the terminal. It may take limits::screen_stall_ms; what the
  // terminal has not taken then is dropped.
  void give_back();
  void take_again();

 private:
  Terminal(Terminfo info, const termios& mode, bool colour);
  void take();
  std::string row_bytes(int number, const Row& row) const;
  std::string style_bytes(const Style& style) const;

  Terminfo info_;
  TerminalOutput output_;
  termios before_;
  bool colour_;
  bool taken_ = false;
  std::optional<LastWords> last_words_;
  std::optional<Frame> shown_;
};

// The sequences of notifications: those of iTerm2 and Windows Terminal, and of rxvt and VTE. What
// is in title and words can do nothing else.
std::string osc9(std::string_view words);
std::string osc777(std::string_view title, std::string_view words);

}  // namespace yallchat::screen
