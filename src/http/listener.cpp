#include "http/listener.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>

namespace yallchat {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr int backlog = 1024;
constexpr int accepts_a_turn = 64;
constexpr Monotonic warning_interval = std::chrono::minutes(1);
constexpr auto pause_time = std::chrono::milliseconds(100);

Error invalid(const std::string& address) {
  return {Errc::invalid,
          "'" + address +
              "' is not an address to listen on: write HOST:PORT, as in 127.0.0.1:8000 "
              "or [::1]:8000; port 0 picks a free one"};
}

Error cannot_listen(const std::string& address, const error_code& error) {
  return {Errc::io, "cannot listen on " + address + ": " + error.message()};
}

Listener::Place place_of(const tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().is_v6() ? "[" + endpoint.address().to_string() + "]"
                                                      : endpoint.address().to_string();
  return {"http://" + host + ":" + std::to_string(endpoint.port()),
          endpoint.address().is_loopback()};
}

// Errors of accept(2) that are of one connection, and go with it.
bool is_of_the_caller(int error) {
  switch (error) {
    case ECONNABORTED:
    case EINTR:
    case ENETDOWN:
    case EPROTO:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH: return true;
    default: return false;
  }
}

}  // namespace

Result<HostPort> parse_host_port(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == address.npos) return invalid(address);
  HostPort parts{address.substr(0, colon), address.substr(colon + 1)};
  if (parts.host.starts_with('[') && parts.host.ends_with(']'))
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  else if (parts.host.find(':') != parts.host.npos)
    return invalid(address);
  std::uint16_t port = 0;
  const char* end = parts.port.data() + parts.port.size();
  const auto parsed = std::from_chars(parts.port.data(), end, port);
  if (parts.host.empty() || parsed.ec != std::errc{} || parsed.ptr != end) return invalid(address);
  return parts;
}

Result<std::unique_ptr<Listener>> Listener::bind(boost::asio::io_context& loop,
                                                 ConnectionPool& pool, const std::string& address) {
  const auto parts = parse_host_port(address);
  if (!parts) return parts.error();
  error_code error;
  tcp::resolver resolver(loop);
  const auto found = resolver.resolve(parts->host, parts->port, tcp::resolver::passive, error);
  if (error || found.empty()) return cannot_listen(address, error);
  const tcp::endpoint endpoint = found.begin()->endpoint();
  tcp::acceptor acceptor(loop);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.native_non_blocking(true, error);
  if (error) return cannot_listen(address, error);
  Place place = place_of(acceptor.local_endpoint());
  return std::make_unique<Listener>(std::move(acceptor), pool, std::move(place));
}

Listener::Listener(Acceptor acceptor, ConnectionPool& pool, Place place)
    : acceptor_(std::move(acceptor)),
      pause_(acceptor_.get_executor()),
      pool_(pool),
      place_(std::move(place)) {}

Result<void> Listener::listen() {
  error_code error;
  acceptor_.listen(backlog, error);
  if (error) return cannot_listen(url(), error);
  await();
  return {};
}

void Listener::await() {
  acceptor_.async_wait(Acceptor::wait_read, [this](error_code error) {
    if (!error && acceptor_.is_open()) accept();
  });
}

// A few at a time: those who are connected have their turn in between.
void Listener::accept() {
  for (int left = accepts_a_turn; left > 0; --left) {
    if (pool_.full())
      return pause(place_.file.empty()
                       ? "there are as many as the limit of open files (ulimit -n) allows"
                       : "there are as many operators as are served at one time");
    const int fd =
        ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0)
      pool_.accept(Socket(fd));
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      break;
    else if (!is_of_the_caller(errno))
      return pause(std::generic_category().message(errno));
  }
  await();
}

void Listener::pause(const std::string& why) {
  // At the limit each connection that goes makes room for one: that is told once a minute.
  if (pool_.now() >= next_warning_) {
    spdlog::warn("no more connections are accepted for now: {}", why);
    next_warning_ = pool_.now() + warning_interval;
  }
  pause_.expires_after(pause_time);
  pause_.async_wait([this](error_code stopped) {
    if (!stopped) accept();
  });
}

void Listener::stop() {
  std::error_code not_there;
  if (!place_.file.empty()) std::filesystem::remove(place_.file, not_there);
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

}  // namespace yallchat
