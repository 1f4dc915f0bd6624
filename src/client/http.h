// CurlTransport: HTTP/1.1 over libcurl's multi interface, without a thread of its own.
//
// The owner calls wait() and perform() in turns; callbacks run inside perform(). Redirects are not
// followed (a session key must not travel to another host), nothing is sent chunked or with Expect,
// and an answer larger than limits::client_answer_bytes is a failure, unless it is taken in parts.
// Proxies are taken from the environment, as curl does. The trace never contains a header's value,
// hence never a session key. One thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>

#include "client/transport.h"

namespace yallchat {

struct HttpTransfer;

class CurlTransport final : public Transport {
 public:
  struct Options {
    std::string user_agent;
    std::function<void(const std::string&)> trace;  // a line a request and an answer; may be empty
    // Where the server is, whatever host a URL names, and without a proxy; empty: at that host.
    std::string unix_socket = {};
    // With one server; what is more waits. 0: as many as are wanted.
    std::size_t connections = 0;
  };
  struct Watched {
    int fd = -1;
    bool readable = false;  // set by wait()
    bool output = false;    // what is waited for is that it can be written
  };

  explicit CurlTransport(Options options);
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  RequestId start(HttpRequest request, Done done) override;
  void cancel(RequestId id) override;

  // Sleeps until the network or a watched descriptor has something, at most that long.
  void wait(std::chrono::milliseconds timeout, std::span<Watched> watched);
  // Moves every transfer on and calls back those that are done.
  void perform();

 private:
  void give_parts();

  Options options_;
  void* multi_ = nullptr;  // a CURLM; curl.h stays out of our headers
  RequestId last_id_ = 0;
  // Shared with the call of its callback, from which it may be cancelled.
  std::unordered_map<RequestId, std::shared_ptr<HttpTransfer>> transfers_;
};

}  // namespace yallchat
