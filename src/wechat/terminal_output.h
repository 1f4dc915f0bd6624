// TerminalOutput: bytes to a terminal, which may take none for a while: it is slow, Ctrl-S was
// pressed, the window hangs. They wait here then, and nobody waits for them.
//
// The terminal is opened anew, so that nobody else's writes stop waiting; where it cannot be, or is
// none, a write may take as long as it likes. Unbounded by itself: the owner adds nothing while
// more than that waits. Of a terminal that is gone nothing is told: its input says so. One thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace yallchat::screen {

class TerminalOutput {
 public:
  explicit TerminalOutput(int output);
  ~TerminalOutput();
  TerminalOutput(const TerminalOutput&) = delete;
  TerminalOutput& operator=(const TerminalOutput&) = delete;

  int fd() const { return fd_; }
  void write(std::string_view bytes);
  // As much of what waits as is taken now.
  void go_on();
  bool waits() const { return !waiting_.empty(); }
  // Whether all was taken; no longer than nothing is taken for so long.
  bool finish(std::chrono::milliseconds patience);
  // What waits, here and in the system.
  void drop();

 private:
  int given_;
  int fd_;
  std::string waiting_;
};

}  // namespace yallchat::screen
