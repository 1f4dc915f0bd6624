#include "reader.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "die.h"
#include "socket.h"

namespace yallchat::bench {

Reader::Reader(std::uint16_t port) : fd_(connect_to(port)) {}

Reader::~Reader() {
  close(fd_);
}

void Reader::say(std::string_view request) {
  const ssize_t n = send(fd_, request.data(), request.size(), MSG_NOSIGNAL);
  if (n != static_cast<ssize_t>(request.size())) die_of_errno("a reader cannot send");
}

bool Reader::hears(const std::string& text) {
  std::string_view bytes;
  if (!receive(bytes)) die("the server refused a reader; it said: " + received_);
  received_.append(bytes);
  const std::size_t at = received_.find(text);
  if (at == received_.npos) return false;
  received_ = received_.substr(at + text.size());
  return true;
}

bool Reader::receive(std::string_view& bytes) {
  static std::array<char, 256 * 1024> buffer;  // one thread
  const ssize_t n = recv(fd_, buffer.data(), buffer.size(), 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (n <= 0) return false;
  bytes = std::string_view(buffer.data(), static_cast<std::size_t>(n));
  return true;
}

}  // namespace yallchat::bench
