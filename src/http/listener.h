// A listening socket: accepts connections into the pool.
//
// When the pool is full, or the system is out of files or memory, it pauses for a moment instead of
// spinning, and says so, once a minute at most; who is connected goes on. Owner: the server's
// wiring. The loop's thread only.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "http/connection_pool.h"

namespace yallchat {

class Listener {
 public:
  // Takes the address: HOST:PORT or [IPv6]:PORT; port 0 picks one; of a name with several addresses
  // the first. Who connects before listen() is refused. Error: invalid, or io with the reason.
  static Result<std::unique_ptr<Listener>> bind(boost::asio::io_context& loop, ConnectionPool& pool,
                                                const std::string& address);

  Listener(boost::asio::ip::tcp::acceptor acceptor, ConnectionPool& pool);

  Result<void> listen();
  void stop();
  // http://HOST:PORT with the port that it has.
  std::string url() const;
  bool loopback() const;

 private:
  void await();
  void accept();
  void pause(const std::string& why);

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  ConnectionPool& pool_;
  Monotonic next_warning_{};
};

// HOST:PORT in its two parts. Error: invalid, with an example.
struct HostPort {
  std::string host;
  std::string port;
};
Result<HostPort> parse_host_port(const std::string& address);

}  // namespace yallchat
