// A listening socket, of TCP or of Unix: accepts connections into the pool.
//
// When the pool is full, or the system is out of files or memory, it pauses for a moment instead of
// spinning, and says so, once a minute at most; who is connected goes on. Owner: the server's
// wiring. The loop's thread only.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
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

  // Takes the path of a Unix socket, which only this server's user (and root) may open. Of a server
  // that died the socket is replaced; one where somebody listens, and any other file, is left
  // alone. The file is removed by stop(). Error: invalid (too long), or io with the reason.
  static Result<std::unique_ptr<Listener>> bind_path(boost::asio::io_context& loop,
                                                     ConnectionPool& pool, const std::string& path);

  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;
  struct Place {
    std::string url;
    bool loopback = true;
    std::string file = {};  // the socket's, or none
  };
  Listener(Acceptor acceptor, ConnectionPool& pool, Place place);

  Result<void> listen();
  void stop();
  // http://HOST:PORT with the port that it has, or unix:PATH.
  const std::string& url() const { return place_.url; }
  bool loopback() const { return place_.loopback; }

 private:
  void await();
  void accept();
  void pause(const std::string& why);

  Acceptor acceptor_;
  boost::asio::steady_timer pause_;
  ConnectionPool& pool_;
  const Place place_;
  Monotonic next_warning_{};
};

// HOST:PORT in its two parts. Error: invalid, with an example.
struct HostPort {
  std::string host;
  std::string port;
};
Result<HostPort> parse_host_port(const std::string& address);
// Whether a Unix socket can have that path. Error: invalid: it is too long.
Result<void> check_socket_path(const std::string& path);

}  // namespace yallchat
