// One connection of the load: what it has sent and not yet got answered, and the bytes in between.
//
// Owner: the generator. Sockets do not block. A connection that breaks ends the process: a
// measurement with a hole is worth nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "answers.h"

namespace yallchat::bench {

class Connection {
 public:
  // Connects to 127.0.0.1:port.
  explicit Connection(std::uint16_t port);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd() const { return fd_; }

  // A request that was handed over and has no answer yet.
  struct Asked {
    std::uint64_t number;      // of the request
    std::int64_t intended_ns;  // when it was to be sent
  };
  std::size_t unanswered() const { return asked_.size(); }

  // The request goes into the buffer. `flush` sends what is there, as far as the kernel takes it;
  // true: all of it, false: call again when the socket can be written.
  void ask(std::string_view request, Asked asked);
  bool flush();
  // The same for what gets no answer of its own, and for what comes where nothing is an answer.
  void say(std::string_view bytes);
  void ignore();

  // Reads once what the kernel has. For each whole answer, in order: on_answer(Asked, status, the
  // answer's bytes), in which `ask` is allowed.
  template <typename OnAnswer>
  void read(Protocol protocol, OnAnswer on_answer) {
    receive();
    std::size_t at = 0;
    while (at < received_.size()) {
      const std::string_view rest = std::string_view(received_).substr(at);
      const Answer answer = parse_answer(protocol, rest);
      if (answer.state == Answer::State::incomplete) break;
      on_answer(take_asked(answer, rest), answer.status, rest.substr(0, answer.bytes));
      at += answer.bytes;
    }
    received_.erase(0, at);
  }

 private:
  void receive();
  Asked take_asked(const Answer& answer, std::string_view rest);

  int fd_;
  std::string to_send_;
  std::size_t sent_ = 0;  // of to_send_
  std::string received_;
  std::deque<Asked> asked_;
};

}  // namespace yallchat::bench
