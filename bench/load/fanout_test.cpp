#include "fanout.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <thread>

namespace yallchat::bench {
namespace {

using namespace std::chrono_literals;

// A broker in one thread: "sub" subscribes and is answered with "ok"; "all" gives messages 0 to 4,
// which it keeps; a line that begins with '+' is a post, answered as Redis does, and given to all
// subscribers as often as the rule says; -1 is goodbye.
class Broker {
 public:
  using Rule = std::function<int(int subscriber, int post)>;

  explicit Broker(Rule rule) : rule_(std::move(rule)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener_, generic, size), 0);
    EXPECT_EQ(listen(listener_, 64), 0);
    EXPECT_EQ(getsockname(listener_, generic, &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  // When all that connected have gone.
  ~Broker() {
    thread_.join();
    close(listener_);
  }
  std::uint16_t port() const { return port_; }

 private:
  void serve() {
    std::map<int, std::string> received;
    do {
      std::vector<pollfd> watched{{listener_, POLLIN, 0}};
      for (const auto& [fd, bytes] : received) watched.push_back({fd, POLLIN, 0});
      ASSERT_GT(poll(watched.data(), watched.size(), 10'000), 0);
      if (watched[0].revents) received[accept(listener_, nullptr, nullptr)];
      for (std::size_t i = 1; i < watched.size(); ++i)
        if (watched[i].revents && !take(watched[i].fd, received[watched[i].fd]))
          received.erase(watched[i].fd);
    } while (!received.empty());
  }

  bool take(int fd, std::string& bytes) {
    char buffer[4096];
    const ssize_t n = recv(fd, buffer, sizeof buffer, 0);
    if (n <= 0) {
      close(fd);
      return false;
    }
    bytes.append(buffer, static_cast<std::size_t>(n));
    for (std::size_t end; (end = bytes.find('\n')) != bytes.npos; bytes.erase(0, end + 1))
      obey(fd, bytes.substr(0, end));
    return true;
  }

  void obey(int fd, const std::string& line) {
    if (line == "sub") {
      subscribers_.push_back(fd);
      say(fd, "ok\n");
    } else if (line == "all") {
      std::string stamp(stamp_bytes, ' ');
      for (std::uint32_t i = 0; i < 5; ++i) {
        write_stamp(stamp.data(), {0, i});
        say(fd, stamp);
      }
    } else {
      int post = -1;
      scan_stamps(line, [&](Stamp stamp) { post = static_cast<int>(stamp.number); });
      for (std::size_t i = 0; i < subscribers_.size(); ++i)
        tell(subscribers_[i], line, rule_(static_cast<int>(i), post));
      say(fd, "+OK\r\n");
    }
  }

  static void tell(int fd, const std::string& line, int times) {
    if (times < 0) shutdown(fd, SHUT_RDWR);
    for (; times > 0; --times) say(fd, line);
  }

  static void say(int fd, const std::string& text) {
    EXPECT_EQ(send(fd, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }

  Rule rule_;
  int listener_;
  std::uint16_t port_ = 0;
  std::vector<int> subscribers_;
  std::thread thread_;
};

class FanoutTest : public testing::Test {
 protected:
  FanoutTest() {
    const std::string folder = testing::TempDir() + std::to_string(getpid());
    options_.protocol = Protocol::resp;
    options_.requests = folder + "posts";
    options_.readers = folder + "readers";
    options_.connections = 2;
    options_.rate = 500;
    options_.seconds = 0.2;
    options_.ready = {"ok\n"};
  }
  ~FanoutTest() override {
    std::remove(options_.requests.c_str());
    std::remove(options_.readers.c_str());
  }

  static void write(const std::string& path, const std::vector<std::string>& requests) {
    std::ofstream file(path, std::ios::binary);
    for (const std::string& request : requests)
      file << std::string{static_cast<char>(request.size()), 0, 0, 0} << request;
  }

  // 100 posts to 3 readers.
  FanoutResult run(Broker::Rule rule,
                   std::vector<std::string> steps = {"sub\n", "sub\n", "sub\n"}) {
    write(options_.readers, steps);
    write(options_.requests, {"+ hello ^000000000000000000000000$ world\n"});
    Broker broker(std::move(rule));
    options_.port = broker.port();
    return Fanout(options_).run();
  }

  Options options_;
};

TEST_F(FanoutTest, CountsEachMessageAtEachReader) {
  const FanoutResult result = run([](int, int) { return 1; });
  EXPECT_EQ(result.readers, 3U);
  EXPECT_EQ(result.deliveries, 300U);
  EXPECT_EQ(result.latency.total(), 300U);
  EXPECT_EQ(result.posts.status[200], 100U);
  EXPECT_EQ(result.missing + result.wrong + result.lost + result.posts.unanswered, 0U);
}

TEST_F(FanoutTest, WhatComesTwiceIsWrong) {
  const FanoutResult result =
      run([](int reader, int post) { return reader == 1 && post == 7 ? 2 : 1; });
  EXPECT_EQ(result.deliveries, 300U);
  EXPECT_EQ(result.wrong, 1U);
  EXPECT_EQ(result.missing, 0U);
}

TEST_F(FanoutTest, WhatDoesNotComeIsMissingAndIsLate) {
  const FanoutResult result =
      run([](int reader, int post) { return reader == 1 && post == 7 ? 0 : 1; });
  EXPECT_EQ(result.deliveries, 299U);
  EXPECT_EQ(result.missing, 1U);
  EXPECT_EQ(result.latency.total(), 300U);
  EXPECT_EQ(result.wrong, 0U);
}

// The first post keeps the broker for 100 ms, in which 50 are due.
TEST_F(FanoutTest, AStallIsFeltByAllThatWasDueInIt) {
  const FanoutResult result = run([](int reader, int post) {
    if (reader == 0 && post == 0) std::this_thread::sleep_for(100ms);
    return 1;
  });
  EXPECT_EQ(result.deliveries, 300U);
  EXPECT_GE(result.latency.quantile_ns(0.8), 45'000'000U);
}

TEST_F(FanoutTest, AReaderHearsOfItsChannelOnly) {
  options_.channels = 2;
  const FanoutResult result = run([](int reader, int post) { return reader % 2 == post % 2; });
  EXPECT_EQ(result.deliveries, 150U);
  EXPECT_EQ(result.wrong + result.missing, 0U);
  EXPECT_EQ(run([](int, int) { return 1; }).wrong, 150U);
}

// Subscriber 1 is thrown out at the tenth post, and nothing is said to it from then on.
TEST_F(FanoutTest, AReaderWhoIsDisconnectedIsLostAndMissesTheRest) {
  options_.connections = 1;
  const FanoutResult result = run([](int reader, int post) {
    if (reader != 1 || post < 10) return 1;
    return post == 10 ? -1 : 0;
  });
  EXPECT_EQ(result.lost, 1U);
  EXPECT_EQ(result.missing, 90U);
  EXPECT_EQ(result.deliveries, 210U);
}

TEST_F(FanoutTest, StepsFollowEachOther) {
  options_.ready = {"+OK\r\n", "ok\n"};
  const FanoutResult result =
      run([](int, int) { return 1; }, {"first\n", "sub\n", "first\n", "sub\n"});
  EXPECT_EQ(result.readers, 2U);
  EXPECT_EQ(result.deliveries, 200U);
}

TEST_F(FanoutTest, ABacklogIsCaughtUpWith) {
  options_.backlog = 5;
  options_.rate = options_.seconds = 0;
  const FanoutResult result = run([](int, int) { return 0; }, {"all\n", "all\n"});
  EXPECT_EQ(result.deliveries, 10U);
  EXPECT_EQ(result.latency.total(), 2U);
  EXPECT_EQ(result.missing + result.wrong, 0U);
}

}  // namespace
}  // namespace yallchat::bench
