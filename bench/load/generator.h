// The load itself: one thread, one epoll, requests that are ready to be sent.
//
// Connection i sends the requests i, i + C, i + 2C, ... of the file (C connections), so what
// belongs to one connection in a workload stays there.
//
// Closed loop: each connection has `depth` requests unanswered, and sends the next as soon as an
// answer comes; an answer counts if it came while was measured, its latency is from its sending.
// Open loop: request k is due at k / rate, whatever the answers do, and waits in its connection's
// queue while that has `depth` unanswered. It counts if it was due while was measured, and its
// latency is from when it was due: a server that stalls is charged for all whom it kept waiting.
//
// Owner: main. Any answer is counted by its status. What the network or the server breaks off ends
// the process.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "connection.h"
#include "options.h"
#include "request_file.h"
#include "result.h"

namespace yallchat::bench {

class Generator {
 public:
  Generator(const Options& options, const RequestFile& requests);
  ~Generator();
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  RunResult run();
  // Of each request, by its number: the captured header's value.
  const std::vector<std::string>& captured() const { return captured_; }

 private:
  struct Client {
    std::unique_ptr<Connection> connection;
    std::uint64_t next = 0;        // number of the request that is next
    std::deque<std::int64_t> due;  // open loop: intended times of requests that wait to be sent
    bool wants_write = false;
  };

  void connect();
  void begin_measuring(std::int64_t now);
  void end_measuring(std::int64_t now);
  bool more_to_ask(const Client& client) const;
  void ask_next(Client& client, std::int64_t intended_ns);
  void ask_what_is_due(std::int64_t now);
  void fill(Client& client, std::int64_t now);
  void flush(std::size_t index);
  void read(std::size_t index);
  void answered(const Connection::Asked& asked, int status, std::string_view answer,
                std::int64_t now);
  void wait(std::int64_t until_ns);
  std::int64_t next_event(std::int64_t now) const;
  bool done(std::int64_t now) const;

  const Options options_;
  const RequestFile& requests_;
  int epoll_ = -1;
  std::vector<Client> clients_;
  std::uint64_t unanswered_ = 0;
  std::uint64_t due_number_ = 0;  // open loop: of the next request of all
  std::int64_t start_ns_ = 0;     // of warming up
  std::int64_t from_ns_ = 0;      // what is measured
  std::int64_t to_ns_ = 0;
  bool measuring_ = false;
  bool measured_ = false;
  RunResult result_;
  std::vector<std::string> captured_;
};

}  // namespace yallchat::bench
