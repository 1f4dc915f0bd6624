// Transport: the one way the client library reaches the network, so that tests can stand in for it.
//
// A request is started and later answered once through its callback, never from inside start(). An
// answer is whatever a server said, in any status; a failure says whether the request may have
// reached the server, for that decides whether it may be sent again. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yallchat {

struct HttpRequest {
  std::string method;  // GET or PUT; a PUT always has an exact Content-Length
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds timeout{0};
  bool keep_alive = false;  // otherwise the connection is new, and closed after the answer
};

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, values trimmed
  std::string body;

  // The first header of that name (in lower case).
  std::optional<std::string_view> header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return std::nullopt;
  }
};

struct HttpFailure {
  std::string message;
  bool may_have_arrived = false;  // false: the server certainly never saw the request
  bool timed_out = false;
};

struct HttpOutcome {
  std::optional<HttpAnswer> answer;
  HttpFailure failure;  // where there is no answer
};

class Transport {
 public:
  using RequestId = std::uint64_t;  // never 0
  using Done = std::function<void(HttpOutcome)>;

  virtual ~Transport() = default;
  virtual RequestId start(HttpRequest request, Done done) = 0;
  // The callback is dropped unheard. Cancelling what is already done does nothing.
  virtual void cancel(RequestId id) = 0;
};

}  // namespace yallchat
