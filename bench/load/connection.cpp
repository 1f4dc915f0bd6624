#include "connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "die.h"
#include "socket.h"

namespace yallchat::bench {

Connection::Connection(std::uint16_t port) : fd_(connect_to(port)) {}

Connection::~Connection() {
  close(fd_);
}

void Connection::ask(std::string_view request, Asked asked) {
  to_send_.append(request);
  asked_.push_back(asked);
}

void Connection::say(std::string_view bytes) {
  to_send_.append(bytes);
}

bool Connection::flush() {
  while (sent_ < to_send_.size()) {
    const ssize_t n = send(fd_, to_send_.data() + sent_, to_send_.size() - sent_, MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == ENOTCONN)) return false;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) die_of_errno("cannot send");
    sent_ += static_cast<std::size_t>(n);
  }
  to_send_.clear();
  sent_ = 0;
  return true;
}

void Connection::receive() {
  static std::array<char, 64 * 1024> buffer;  // one thread
  const ssize_t n = recv(fd_, buffer.data(), buffer.size(), 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n < 0) die_of_errno("cannot receive");
  if (n == 0) die("the server closed a connection; the last that it said: " + received_);
  received_.append(buffer.data(), static_cast<std::size_t>(n));
}

void Connection::ignore() {
  receive();
  received_.clear();
}

Connection::Asked Connection::take_asked(const Answer& answer, std::string_view rest) {
  if (answer.state == Answer::State::malformed || asked_.empty())
    die("not an answer that was waited for: " + std::string(rest.substr(0, 1000)));
  const Asked asked = asked_.front();
  asked_.pop_front();
  return asked;
}

}  // namespace yallchat::bench
