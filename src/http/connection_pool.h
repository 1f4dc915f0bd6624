// All connections, and what they share: the watch of their sockets, the buffer they read into, the
// list of those with something to send, the sweep for those that take too long, and whom a request
// is handed to.
//
// Owner: the server's wiring. The loop's thread only.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "http/connection.h"

namespace yallchat {

class ConnectionPool {
 public:
  struct Options {
    std::size_t max_message = limits::max_message;
    std::int64_t head_timeout_ms = limits::head_timeout_ms;
    std::int64_t body_timeout_ms = limits::body_timeout_ms;
    std::int64_t idle_timeout_ms = limits::idle_timeout_ms;
    std::uint64_t connections_an_address = limits::connections_an_address;  // 0: no limit
    bool limit_loopback = false;
    std::uint64_t connections = UINT64_MAX;  // what there are files for
    std::vector<std::string> cors_origins;   // whose pages may read answers
  };
  // The request is the handler's during the call only.
  using Handler = std::function<void(Request& request, const Peer& peer, Responder respond)>;

  ConnectionPool(Options options, const Clock& clock, Handler handler);

  void accept(Socket socket);
  // A turn of the loop begins: those that had too much for the last one go on.
  void begin_turn();
  // Reads what has come, and returns on how many connections something did.
  std::size_t receive() { return readiness_.dispatch(); }
  // A descriptor that is readable while receive() has something to do.
  int readable_fd() const { return readiness_.fd(); }
  // Whether something is to be done though nothing happens.
  bool has_work() const { return !going_on_.empty() || !dirty_.empty(); }
  // Sends what was answered in this turn of the loop.
  void flush();
  // Looks at a part of the connections; called every 100 ms, it comes to each once a second.
  void sweep();
  // All connections finish what they began.
  void stop();
  // Closes those that have not finished: what they refer to may go after this.
  void close();
  std::size_t size() const { return connections_.size(); }
  bool full() const { return connections_.size() >= options_.connections; }

  // --- For connections ---
  const Options& options() const { return options_; }
  Monotonic now() const { return clock_.monotonic(); }
  std::string_view date();
  std::array<char, limits::read_buffer_bytes>& read_buffer() { return read_buffer_; }
  void handle(Request& request, const Peer& peer, Responder respond) {
    handler_(request, peer, std::move(respond));
  }
  void to_flush(Connection& connection) { dirty_.push_back(&connection); }
  void to_go_on(Connection& connection) { going_on_.push_back(&connection); }
  // It has limits::stream_ending_ms from now: it is looked at in each sweep.
  void ends_soon(Connection& connection);
  std::uint64_t turn() const { return turn_; }
  // It is closed.
  void remove(Connection& connection);

 private:
  void add(std::shared_ptr<Connection> connection);

  Options options_;
  const Clock& clock_;
  Handler handler_;
  Readiness readiness_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<std::shared_ptr<Connection>> closed_;  // in this turn: lists may still name them
  std::unordered_map<std::string, std::uint64_t> by_address_;
  std::vector<Connection*> dirty_;
  std::vector<Connection*> going_on_;  // in the next turn
  std::uint64_t turn_ = 1;
  std::size_t swept_ = 0;  // of connections_, those from here on have been looked at in this round
  std::deque<std::pair<Monotonic, std::shared_ptr<Connection>>> ending_;  // until when
  std::int64_t date_second_ = -1;
  std::string date_;
  std::array<char, limits::read_buffer_bytes> read_buffer_;
};

}  // namespace yallchat
