// LastWords: the terminal is put back even if the process dies of a signal.
//
// One at a time in a process. While it lives, each fatal signal first writes the sequence and sets
// the mode, then kills the process as it would have. A terminal that takes no more loses what it
// has not shown yet. One thread.
#pragma once

#include <termios.h>

#include <string_view>

namespace yallchat::screen {

class LastWords {
 public:
  struct Terminal {
    int input = -1;  // which has the mode
    int output = -1;
    termios mode{};
  };
  // sequence: of at most 512 bytes.
  LastWords(const Terminal& terminal, std::string_view sequence);
  ~LastWords();
  LastWords(const LastWords&) = delete;
  LastWords& operator=(const LastWords&) = delete;
};

}  // namespace yallchat::screen
