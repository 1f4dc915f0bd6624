// Completion: what Tab makes of the word before the cursor. Pure; one thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "wechat/editor.h"

namespace yallchat::screen {

class Completion {
 public:
  struct Sources {
    std::vector<std::string> names;     // of those who are here
    std::vector<std::string> channels;  // that are open or known
  };

  // Completes, or goes on to the next of several that fit. Names get ": " at the beginning of a
  // line, else a space; commands and channels likewise where they belong.
  void complete(Editor& editor, const Sources& sources);
  // After any other key: the next complete() begins anew.
  void reset() { candidates_.clear(); }

 private:
  void begin(const Editor& editor, const Sources& sources);

  std::vector<std::string> candidates_;  // and last what was typed
  std::size_t at_ = 0;
  std::size_t begin_ = 0;  // what is replaced, in bytes
  std::size_t end_ = 0;
};

}  // namespace yallchat::screen
