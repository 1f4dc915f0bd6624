// A connected stream socket that never blocks.
//
// Owner: its connection. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace yallchat {

class Socket {
 public:
  // What a read or a write came to.
  enum class Outcome {
    done,     // so many bytes, at least one
    blocked,  // nothing there to read, or no room to write
    ended,    // of a read: the other end sends no more
    failed    // the connection is broken
  };
  struct Io {
    Outcome outcome;
    std::size_t bytes = 0;
  };

  // Takes a descriptor that does not block.
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&&) = delete;

  int fd() const { return fd_; }
  Io read(std::span<char> to);
  Io write(std::string_view bytes);
  // Parts that follow on each other; not all of them empty.
  Io write(std::span<const std::string_view> parts);
  // The other end reads an end; what it sends can still be read.
  void end_sending();
  void close();
  // The connection is broken when the other end has not acknowledged what was sent for so long.
  void give_up_after(std::int64_t timeout_ms);

 private:
  int fd_;
};

}  // namespace yallchat
