#include "wechat/terminal_output.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

namespace yallchat::screen {

TerminalOutput::TerminalOutput(int output) : given_(output), fd_(output) {
  if (::isatty(output) == 0) return;
  const int anew = ::open(("/proc/self/fd/" + std::to_string(output)).c_str(),
                          O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (anew >= 0) fd_ = anew;
}

TerminalOutput::~TerminalOutput() {
  if (fd_ != given_) ::close(fd_);
}

void TerminalOutput::write(std::string_view bytes) {
  waiting_ += bytes;
  go_on();
}

void TerminalOutput::go_on() {
  while (!waiting_.empty()) {
    const ssize_t written = ::write(fd_, waiting_.data(), waiting_.size());
    if (written >= 0)
      waiting_.erase(0, static_cast<std::size_t>(written));
    else if (errno == EAGAIN)
      return;
    else if (errno != EINTR)
      waiting_.clear();  // it is gone
  }
}

bool TerminalOutput::finish(std::chrono::milliseconds patience) {
  for (go_on(); waits(); go_on()) {
    pollfd output{fd_, POLLOUT, 0};
    if (::poll(&output, 1, static_cast<int>(patience.count())) == 0) return false;
  }
  return true;
}

void TerminalOutput::drop() {
  waiting_.clear();
  ::tcflush(fd_, TCOFLUSH);
}

}  // namespace yallchat::screen
