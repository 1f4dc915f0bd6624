#include "http/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <boost/container/small_vector.hpp>
#include <cerrno>

namespace yallchat {
namespace {

Socket::Io to_io(ssize_t result, Socket::Outcome of_zero) {
  using Outcome = Socket::Outcome;
  if (result > 0) return {Outcome::done, static_cast<std::size_t>(result)};
  if (result == 0) return {of_zero};
  return {errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? Outcome::blocked
                                                                    : Outcome::failed};
}

}  // namespace

Socket::Io Socket::read(std::span<char> to) {
  return to_io(::recv(fd_, to.data(), to.size(), 0), Outcome::ended);
}

Socket::Io Socket::write(std::string_view bytes) {
  return to_io(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL), Outcome::blocked);
}

Socket::Io Socket::write(std::span<const std::string_view> parts) {
  boost::container::small_vector<iovec, 4> pieces;
  for (const std::string_view part : parts)
    pieces.push_back({const_cast<char*>(part.data()), part.size()});
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = pieces.size();
  return to_io(::sendmsg(fd_, &message, MSG_NOSIGNAL), Outcome::blocked);
}

void Socket::end_sending() {
  ::shutdown(fd_, SHUT_WR);
}

void Socket::give_up_after(std::int64_t timeout_ms) {
  const auto value = static_cast<unsigned>(timeout_ms);
  ::setsockopt(fd_, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof value);
}

void Socket::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace yallchat
