// Many readers of what few post: how late each message is at each of them, and whether each gets
// all, once, and in order. One thread, one epoll.
//
// Readers are opened first; the file of readers has for each of them what it says in each step, and
// the next step follows when the text that ends the one before has come. When all have subscribed:
//
// Live (a rate): post k is due at k / rate, whatever the server does (an open loop), and goes over
// connection k mod P with its stamp written into it, however many are unanswered there. Reader i is
// in channel i mod C and gets the posts k with the same k mod C. The latency of a delivery is from
// when its post was due; what never came counts as late as it was at the end. What a connection
// posts must come in its order.
// Idle (no rate): the same without posts, for what waiting itself takes.
// Catching up (a backlog): the messages 0 to N - 1 are kept by the server already, and each reader
// asks for them in its last step, all of them at once. A latency is how long a reader took to have
// all.
//
// Owner: main. A reader that is disconnected while it listens is counted. A poster that is ends the
// process, and so do readers who cannot subscribe.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "connection.h"
#include "ledger.h"
#include "options.h"
#include "reader.h"
#include "request_file.h"
#include "result.h"

namespace yallchat::bench {

class Fanout {
 public:
  explicit Fanout(const Options& options);
  ~Fanout();
  Fanout(const Fanout&) = delete;
  Fanout& operator=(const Fanout&) = delete;

  FanoutResult run();

 private:
  struct Subscriber {
    std::unique_ptr<Reader> reader;  // null when lost
    std::size_t steps = 0;           // that it has said
    bool listening = false;
  };
  struct Poster {
    std::unique_ptr<Connection> connection;
    bool wants_write = false;
    bool heard = false;  // anything
  };
  struct Post {
    std::string request;
    std::size_t stamp_at = 0;
  };

  void read_posts();
  void subscribe_all();
  void open_subscriber();
  void say_next(std::size_t index);
  void open_posters();
  void open_greeting_posters();
  void live();
  void catch_up();
  void begin_measuring();
  void end_measuring();
  void post_what_is_due(std::int64_t now);
  std::int64_t due_ns(std::uint64_t number) const;
  void flush(std::size_t poster);
  void read_answers(std::size_t poster);
  void on_subscriber(std::size_t index, std::uint32_t events);
  void listen(std::size_t index);
  void heard(std::size_t index, Stamp stamp, std::int64_t now);
  void miss(std::uint32_t number, std::int64_t now);
  void watch(int operation, int fd, std::uint32_t events, std::size_t id);
  void wait(std::int64_t until_ns);

  const Options options_;
  const RequestFile steps_;
  const std::size_t steps_a_reader_;
  const std::size_t readers_wanted_;
  const std::size_t posters_wanted_;
  Ledger ledger_;
  int epoll_ = -1;
  std::vector<Subscriber> subscribers_;
  std::size_t subscribed_ = 0;
  std::vector<Poster> posters_;
  std::vector<Post> posts_;  // repeated without end
  std::int64_t next_due_ns_ = std::numeric_limits<std::int64_t>::max();
  std::uint64_t unanswered_ = 0;
  std::int64_t start_ns_ = 0;  // of warming up; what stamps count from
  std::int64_t from_ns_ = 0;   // what is measured
  std::int64_t to_ns_ = 0;
  FanoutResult result_;
};

}  // namespace yallchat::bench
