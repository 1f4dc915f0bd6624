// LastWords: the terminal is put back even if the process dies of a signal.
//
// One at a time in a process. While it lives, each fatal signal first writes the sequence and sets
// the mode, then kills the process as it would have. One thread.
#pragma once

#include <termios.h>

#include <string_view>

namespace yallchat::screen {

class LastWords {
 public:
  // sequence: of at most 512 bytes.
  LastWords(int terminal, const termios& mode, std::string_view sequence);
  ~LastWords();
  LastWords(const LastWords&) = delete;
  LastWords& operator=(const LastWords&) = delete;
};

}  // namespace yallchat::screen
