// Listening on a path: the file of a Unix socket, and whether it may be taken.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <system_error>

#include "http/listener.h"

namespace yallchat {
namespace {

using boost::asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;  // it ends with a NUL
constexpr mode_t owner_only = 0600;

Error cannot_listen(const std::string& path, const std::string& why) {
  return {Errc::io, "cannot listen on unix:" + path + ": " + why};
}

// Whether somebody would answer there. When it cannot be told, somebody may.
Result<bool> is_alive(boost::asio::io_context& loop, const std::string& path) {
  const stream_protocol::endpoint endpoint(path);
  stream_protocol::socket probe(loop);
  error_code error;
  probe.open(endpoint.protocol(), error);
  if (!error) probe.native_non_blocking(true, error);
  if (error) return cannot_listen(path, error.message());
  const int connected =
      ::connect(probe.native_handle(), endpoint.data(), static_cast<socklen_t>(endpoint.size()));
  return connected == 0 || errno != ECONNREFUSED;
}

// Removes the socket that a dead server left behind.
Result<void> free_path(boost::asio::io_context& loop, const std::string& path) {
  struct stat there {};
  if (::lstat(path.c_str(), &there) != 0) return {};  // else bind says what is wrong with it
  if (!S_ISSOCK(there.st_mode))
    return cannot_listen(path,
                         "there is a file which is no socket; remove it, or take another path");
  const auto alive = is_alive(loop, path);
  if (!alive) return alive.error();
  if (*alive) return cannot_listen(path, "another process listens there");
  if (::unlink(path.c_str()) != 0)
    return cannot_listen(path, std::generic_category().message(errno));
  return {};
}

}  // namespace

Result<void> check_socket_path(const std::string& path) {
  if (path.size() <= longest_path) return {};
  return Error{Errc::invalid, "'" + path + "' is too long: the path of a Unix socket has at most " +
                                  std::to_string(longest_path) + " bytes"};
}

Result<std::unique_ptr<Listener>> Listener::bind_path(boost::asio::io_context& loop,
                                                      ConnectionPool& pool,
                                                      const std::string& path) {
  if (auto checked = check_socket_path(path); !checked) return checked.error();
  if (auto freed = free_path(loop, path); !freed) return freed.error();
  const stream_protocol::endpoint endpoint(path);
  error_code error;
  stream_protocol::acceptor acceptor(loop);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.native_non_blocking(true, error);
  if (error) return cannot_listen(path, error.message());
  // Nobody connects before listen(), whatever mode it had until here.
  if (::chmod(path.c_str(), owner_only) != 0)
    return cannot_listen(path, std::generic_category().message(errno));
  return std::make_unique<Listener>(std::move(acceptor), pool, Place{"unix:" + path, true, path});
}

}  // namespace yallchat
