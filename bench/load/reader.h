// One who subscribes and listens: says what it has to say, waits for the answers to that, and from
// then on only receives. It looks for nothing but stamps, so that a delivery costs it less than any
// server.
//
// Owner: the fan-out. The socket does not block. What goes wrong before it listens ends the
// process; later it is lost, and counted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stamp.h"

namespace yallchat::bench {

class Reader {
 public:
  explicit Reader(std::uint16_t port);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  int fd() const { return fd_; }

  // Sends it, at once and whole: what subscribes is short.
  void say(std::string_view request);

  // Reads once; true: the text has come. What is behind it is kept for the next call.
  bool hears(const std::string& text);

  // Reads once what the kernel has, and gives each stamp of it, in order. False: the connection has
  // ended. on_bytes() comes before the first stamp.
  template <typename OnBytes, typename OnStamp>
  bool listen(OnBytes on_bytes, OnStamp on_stamp) {
    std::string_view bytes;
    if (!receive(bytes)) return false;
    if (bytes.empty()) return true;
    on_bytes();
    if (!received_.empty()) bytes = received_.append(bytes);
    const std::size_t kept = scan_stamps(bytes, on_stamp);
    received_ = std::string(bytes.substr(bytes.size() - kept));
    return true;
  }

 private:
  // Points to what came, until the next call of any reader. False: the connection has ended.
  bool receive(std::string_view& bytes);

  int fd_;
  std::string received_;  // and not yet looked through: a stamp that is not whole
};

}  // namespace yallchat::bench
