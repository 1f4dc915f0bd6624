#include "generator.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <thread>

namespace yallchat::bench {
namespace {

constexpr auto stall = std::chrono::milliseconds(400);

// Takes one connection and answers each request, which is one byte: 's' after a stall, 'n' with no,
// all else with yes.
class OneByteServer {
 public:
  OneByteServer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener_, generic, size), 0);
    EXPECT_EQ(listen(listener_, 1), 0);
    EXPECT_EQ(getsockname(listener_, generic, &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~OneByteServer() { close(listener_); }

  std::uint16_t port() const { return port_; }
  // All requests, in their order. Waits for the end of the connection.
  std::string finish() {
    thread_.join();
    return received_;
  }

 private:
  void serve() {
    const int fd = accept(listener_, nullptr, nullptr);
    char request = 0;
    while (recv(fd, &request, 1, 0) == 1) {
      received_ += request;
      if (request == 's') std::this_thread::sleep_for(stall);
      const char* answer = request == 'n' ? "-no\r\n" : "+yes\r\n";
      if (send(fd, answer, std::strlen(answer), MSG_NOSIGNAL) < 0) break;
    }
    close(fd);
  }

  int listener_;
  std::uint16_t port_ = 0;
  std::string received_;
  std::thread thread_;
};

class GeneratorTest : public testing::Test {
 protected:
  GeneratorTest() {
    options_.protocol = Protocol::resp;
    options_.connections = 1;
    options_.requests = testing::TempDir() + "requests-" + std::to_string(getpid());
  }
  ~GeneratorTest() override { std::remove(options_.requests.c_str()); }

  RunResult run(const std::string& one_byte_requests) {
    {
      std::ofstream file(options_.requests, std::ios::binary);
      for (const char request : one_byte_requests) file << std::string{1, 0, 0, 0, request};
    }
    OneByteServer server;
    options_.port = server.port();
    const RequestFile requests(options_.requests);
    RunResult result;
    {
      Generator generator(options_, requests);
      result = generator.run();
    }
    received_ = server.finish();
    return result;
  }

  static std::uint64_t slower_than(const RunResult& result, std::chrono::nanoseconds limit) {
    std::uint64_t slow = 0;
    const auto total = static_cast<double>(result.latency.total());
    for (std::uint64_t i = 1; i <= result.latency.total(); ++i) {
      const double share = static_cast<double>(i) / total;
      if (result.latency.quantile_ns(share) > static_cast<std::uint64_t>(limit.count())) ++slow;
    }
    return slow;
  }

  Options options_;
  std::string received_;
};

TEST_F(GeneratorTest, SendsEachRequestOnceInItsOrder) {
  options_.count = 5;
  options_.depth = 2;
  const RunResult result = run("abcde");
  EXPECT_EQ(result.latency.total(), 5U);
  EXPECT_EQ(received_, "abcde");
}

TEST_F(GeneratorTest, AnAnswerThatIsNotExpectedIsCountedAndIsNoSuccess) {
  options_.count = 9;
  const RunResult result = run("yyn");
  EXPECT_EQ(result.status[200], 6U);
  EXPECT_EQ(result.status[500], 3U);
  EXPECT_EQ(result.latency.total(), 6U);
}

TEST_F(GeneratorTest, InAClosedLoopAStallIsTheLatencyOfOneRequest) {
  options_.count = 300;
  const RunResult result = run("s" + std::string(299, 'y'));
  EXPECT_GE(result.latency.max_ns(), 400'000'000U);
  EXPECT_EQ(slower_than(result, stall - std::chrono::milliseconds(1)), 1U);
}

// 500 requests a second for 1 s; the first keeps all others waiting for 400 ms. Those due in its
// first half, about 100, wait for 200 ms at least.
TEST_F(GeneratorTest, InAnOpenLoopAStallIsFeltByAllWhoWouldHaveComeInIt) {
  options_.rate = 500;
  options_.seconds = 1;
  const RunResult result = run("s" + std::string(499, 'y'));
  EXPECT_EQ(result.latency.total(), 500U);
  EXPECT_EQ(result.unanswered, 0U);
  EXPECT_GE(slower_than(result, stall / 2 - std::chrono::milliseconds(1)), 100U);
}

TEST_F(GeneratorTest, WhatIsDueWhileItWarmsUpIsNotCounted) {
  options_.rate = 100;
  options_.warmup_s = 0.5;
  options_.seconds = 0.5;
  const RunResult result = run("y");
  EXPECT_NEAR(static_cast<double>(result.latency.total()), 50, 1);
  EXPECT_NEAR(static_cast<double>(received_.size()), 100, 1);
}

}  // namespace
}  // namespace yallchat::bench
