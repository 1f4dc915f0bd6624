#include "wechat/last_words.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/check.h"

namespace yallchat::screen {
namespace {

// SIGTERM, SIGINT and SIGHUP are read by the loop.
constexpr std::array fatal{SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGABRT, SIGTRAP, SIGSYS,   SIGQUIT,
                           SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU, SIGXFSZ, SIGPROF, SIGVTALRM};

// All that a handler may touch.
struct {
  LastWords::Terminal terminal;
  std::array<char, 512> sequence{};
  std::size_t size = 0;
} words;

// A stack that has overflowed has no room for a handler.
alignas(16) std::array<std::byte, 64 * 1024> handler_stack;

extern "C" void say_last_words(int signal_number) {
  const auto write_all = [] {
    return ::write(words.terminal.output, words.sequence.data(), words.size) ==
           static_cast<ssize_t>(words.size);
  };
  // Nobody is left to be told of a failure here.
  if (!write_all() && ::tcflush(words.terminal.output, TCOFLUSH) == 0) write_all();
  ::tcsetattr(words.terminal.input, TCSANOW, &words.terminal.mode);
  ::raise(signal_number);  // whose handler is the default again
}

}  // namespace

LastWords::LastWords(const Terminal& terminal, std::string_view sequence) {
  CHECK(sequence.size() <= words.sequence.size(), "the sequences of terminals are short");
  words.terminal = terminal;
  std::ranges::copy(sequence, words.sequence.begin());
  words.size = sequence.size();
  stack_t stack{};
  stack.ss_sp = handler_stack.data();
  stack.ss_size = handler_stack.size();
  ::sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = say_last_words;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
  for (const int number : fatal) ::sigaction(number, &action, nullptr);
}

LastWords::~LastWords() {
  for (const int number : fatal) ::signal(number, SIG_DFL);
}

}  // namespace yallchat::screen
