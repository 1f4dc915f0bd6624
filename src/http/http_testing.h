// What the tests of connections share: a server without a listener, whose clients are the other
// ends of pairs of sockets, and whose turns and time a test makes by hand.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "http/connection_pool.h"
#include "http/takeover.h"
#include "hub/hub_testing.h"

namespace yallchat {

// A client's end, which never blocks.
class ClientEnd {
 public:
  explicit ClientEnd(int fd) : fd_(fd) {}
  ~ClientEnd() { ::close(fd_); }
  ClientEnd(ClientEnd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ClientEnd& operator=(ClientEnd&&) = delete;

  // All of it, for which the system must have room.
  void send(std::string_view bytes) const {
    ASSERT_EQ(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  void end_sending() const { ::shutdown(fd_, SHUT_WR); }
  // What is there, so much of it at most.
  std::string read(std::size_t most = SIZE_MAX) const {
    std::string bytes;
    std::array<char, 65536> buffer;
    while (bytes.size() < most) {
      const std::size_t room = std::min(buffer.size(), most - bytes.size());
      const ssize_t got = ::recv(fd_, buffer.data(), room, 0);
      if (got <= 0) break;
      bytes.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return bytes;
  }

 private:
  int fd_;
};

// Every request is answered by what make() gives, which takes the connection over.
class HttpWorld : public HubWorld {
 public:
  ~HttpWorld() { pool.close(); }

  // Of another connection, over which a request has come, so that it was taken over.
  ClientEnd connect() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    // How much the system takes for a client that does not read, on any machine.
    const int bytes = 64 * 1024;
    EXPECT_EQ(::setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes), 0);
    pool.accept(Socket(ends[0]));
    ClientEnd client(ends[1]);
    client.send("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
    turn();
    return client;
  }
  // Of the server's loop, without waiting.
  void turn() {
    pool.begin_turn();
    pool.receive();
    hub->turn();
    replica->turn();
    pool.flush();
    hub->streams().serve();
  }
  // Until nothing is left to be done at this moment.
  void settle() {
    do turn();
    while (pool.has_work() || replica->has_work() || std::as_const(*hub).streams().has_work());
  }
  // Time passes as the server's timer sees it.
  void pass_tenth() {
    clock.now += std::chrono::milliseconds(100);
    pool.sweep();
    settle();
  }

  Answer head;
  Responder::MakeTakeover make;
  ConnectionPool pool{{}, clock, [this](Request&, const Peer&, const Responder& respond) {
                        respond.take_over(head, make);
                      }};
};

}  // namespace yallchat
