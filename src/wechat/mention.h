// Whether a text names somebody. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yallchat::screen {

class Mentions {
 public:
  // words: the user's name, and whatever else the user wants to be told of.
  explicit Mentions(const std::vector<std::string>& words);

  // Whether one of the words is in it as a word of its own, case and width aside.
  bool in(std::string_view text) const;

 private:
  std::vector<std::string> words_;  // folded
};

}  // namespace yallchat::screen
