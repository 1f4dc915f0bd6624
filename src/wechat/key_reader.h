// KeyReader: what a terminal sends in, keys and pastes out.
//
// Understands what xterm and those like it send for keys with and without modifiers, and bracketed
// pastes; a sequence that it does not know is dropped whole, as is what a terminal answers to some
// program's question (OSC, DCS). Text that is not UTF-8 becomes U+FFFD.
// Holds one sequence of limits::screen_key_bytes, and one paste of limits::client_line_bytes: what
// is beyond is dropped, and the paste says so. Pure; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wechat/key.h"

namespace yallchat::screen {

class KeyReader {
 public:
  struct Pressed {
    Key key;                           // unless there is a paste
    std::optional<std::string> paste;  // newlines are \n, other control characters but tabs gone
    bool cut = false;                  // the paste was longer
  };

  void feed(std::string_view bytes);
  std::optional<Pressed> next();
  // Whether there is something that time decides: an ESC, which may be a key of its own or the
  // beginning of a longer sequence; or a Ctrl-C in a paste, which is one if it stays alone.
  bool waits() const;
  // Nothing followed in time: what there is, is all.
  void time_is_up() { complete_ = true; }

 private:
  void skip();
  void skip_answer();
  std::optional<Pressed> next_key();
  std::optional<Pressed> next_escape();
  std::optional<Pressed> next_sequence(std::size_t begin);
  std::optional<Pressed> next_paste();
  std::optional<Pressed> next_character(std::size_t at, bool alt);
  std::optional<Pressed> take(std::size_t bytes, std::optional<Key> key);

  std::string pending_;
  bool complete_ = false;
  bool pasting_ = false;
  bool skipping_ = false;
  bool answering_ = false;    // within an answer of the terminal
  bool interrupted_ = false;  // the last that came, within a paste, was nothing but a Ctrl-C
  bool again_ = false;        // something was dropped: there may be more
  std::string paste_;
  bool cut_ = false;
};

}  // namespace yallchat::screen
