#include "connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "die.h"

namespace yallchat::bench {

Connection::Connection(std::uint16_t port)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (fd_ < 0) die_of_errno("cannot make a socket");
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS)
    die_of_errno("cannot connect");
}

Connection::~Connection() {
  close(fd_);
}

void Connection::ask(std::string_view request, Asked asked) {
  to_send_.append(request);
  asked_.push_back(asked);
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

Connection::Asked Connection::take_asked(const Answer& answer, std::string_view rest) {
  if (answer.state == Answer::State::malformed || asked_.empty())
    die("not an answer that was waited for: " + std::string(rest.substr(0, 1000)));
  const Asked asked = asked_.front();
  asked_.pop_front();
  return asked;
}

}  // namespace yallchat::bench
