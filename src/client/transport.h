// Transport: the one way the client library reaches the network, so that tests can stand in for it.
//
// A request is started and later answered once through its callback, never from inside start(). An
// answer is whatever a server said, in any status; a failure says whether the request may have
// reached the server, for that decides whether it may be sent again. A request may ask for the body
// as it comes, before that. One thread.
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

struct HttpRequest {
  std::string method;  // GET or PUT; a PUT always has an exact Content-Length
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds timeout{0};  // for the whole; 0: as long as it lasts
  bool keep_alive = false;  // otherwise the connection is new, and closed after the answer
  // Where set, it gets the body in parts, each as soon as it is there, and the answer has none.
  // head: status and headers. It may cancel the request.
  std::function<void(const HttpAnswer& head, std::string_view part)> part;
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
