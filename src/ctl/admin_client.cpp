#include "ctl/admin_client.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <iostream>

#include "base/limits.h"
#include "client/http.h"
#include "client/reply.h"
#include "protocol/percent.h"

namespace yallchat::ctl {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds timeout{limits::client_request_timeout_ms};

HttpOutcome ask(const std::string& socket, const std::string& method, const std::string& path) {
  CurlTransport transport({"yallchatctl/" YALLCHAT_VERSION, {}, socket});
  std::optional<HttpOutcome> outcome;
  HttpRequest request;
  request.method = method;
  request.url = "http://localhost" + path;
  request.timeout = timeout;
  transport.start(std::move(request), [&](HttpOutcome came) { outcome = std::move(came); });
  for (transport.perform(); !outcome; transport.perform()) transport.wait(timeout, {});
  return std::move(*outcome);
}

// What the system has against connecting, which libcurl does not tell.
int connect_error(const std::string& path) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) return ENAMETOOLONG;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return errno;
  const auto* const to = reinterpret_cast<const sockaddr*>(&address);
  const int error = ::connect(fd, to, sizeof address) == 0 ? 0 : errno;
  ::close(fd);
  return error;
}

std::string advice(int error) {
  switch (error) {
    case ENOENT:
      return "there is no such socket; is yallchatd running, and is this its data directory? Name "
             "it by --data DIR, or the socket by --socket PATH";
    case ECONNREFUSED: return "nobody listens there; start yallchatd";
    case EACCES:
    case EPERM: return "it is another user's; run this as the user of yallchatd, or as root";
    default: return std::strerror(error);
  }
}

ExitCode unreachable(const std::string& socket, const HttpFailure& failure) {
  const int error = failure.may_have_arrived ? 0 : connect_error(socket);
  if (error != 0)
    std::cerr << "yallchatctl: no server at " << socket << ": " << advice(error) << "\n";
  else
    std::cerr << "yallchatctl: the server at " << socket << " did not answer (" << failure.message
              << "); what was asked may have been done\n";
  return exit_unreachable;
}

// The server's words, which a header has percent-encoded.
ExitCode refused(const HttpAnswer& answer) {
  const auto detail = percent_decode(answer.header("detail").value_or("the server says no"));
  std::cerr << "yallchatctl: " << (detail ? *detail : "the server says no") << " "
            << status_words(answer) << "\n";
  return exit_refused;
}

ExitCode print(const HttpAnswer& answer, const Kick& kick) {
  static_cast<void>(answer);
  std::cout << "kicked " << kick.user << " from " << kick.channel << "\n";
  return exit_done;
}

// A line a member, whatever members there are: a newer server may tell more.
ExitCode print(const HttpAnswer& answer, const Status&) {
  json::error_code problem;
  const json::value status = json::parse(answer.body, problem);
  if (problem || !status.is_object()) {
    std::cerr << "yallchatctl: the answer is not a status\n";
    return exit_unreachable;
  }
  for (const auto& [name, value] : status.get_object()) {
    std::cout << name << ": ";
    if (value.is_string())
      std::cout << value.get_string().c_str() << "\n";
    else
      std::cout << value << "\n";
  }
  return exit_done;
}

HttpOutcome ask(const std::string& socket, const Status&) {
  return ask(socket, "GET", "/");
}
HttpOutcome ask(const std::string& socket, const Kick& kick) {
  return ask(
      socket, "PUT",
      "/kick/" + percent_encode_segment(kick.channel) + "/" + percent_encode_segment(kick.user));
}

template <class Command>
ExitCode run(const std::string& socket, const Command& command) {
  const HttpOutcome outcome = ask(socket, command);
  if (!outcome.answer) return unreachable(socket, outcome.failure);
  if (!outcome.answer->header("yallchat")) {
    std::cerr << "yallchatctl: what answers at " << socket << " is no yallchatd\n";
    return exit_unreachable;
  }
  if (outcome.answer->status != 200) return refused(*outcome.answer);
  return print(*outcome.answer, command);
}

}  // namespace

ExitCode run(const Options& options) {
  return std::visit([&](const auto& command) { return run(options.socket, command); },
                    options.command);
}

}  // namespace yallchat::ctl
