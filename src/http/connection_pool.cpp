#include "http/connection_pool.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <cstring>

namespace yallchat {
namespace {

Peer peer_of(const in_addr& address) {
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &address, text.data(), text.size());
  return {text.data(), (ntohl(address.s_addr) >> 24) == IN_LOOPBACKNET};
}

Peer peer_of(const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    in_addr v4{};
    std::memcpy(&v4, &address.s6_addr[12], sizeof v4);
    return peer_of(v4);
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, &address, text.data(), text.size());
  return {text.data(), IN6_IS_ADDR_LOOPBACK(&address) != 0};
}

Peer peer_of(const Socket& socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* const address = reinterpret_cast<sockaddr*>(&storage);
  if (::getpeername(socket.fd(), address, &size) != 0) return {};
  if (storage.ss_family == AF_UNIX) return {"unix", true};
  if (storage.ss_family == AF_INET6)
    return peer_of(reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
  return peer_of(reinterpret_cast<const sockaddr_in*>(address)->sin_addr);
}

// Answers are gathered before they are sent: there is nothing to wait for.
void send_at_once(const Socket& socket) {
  const int on = 1;
  ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

ConnectionPool::ConnectionPool(Options options, const Clock& clock, Handler handler)
    : options_(std::move(options)), clock_(clock), handler_(std::move(handler)) {}

void ConnectionPool::accept(Socket socket) {
  send_at_once(socket);
  Peer peer = peer_of(socket);
  auto connection = std::make_shared<Connection>(*this, std::move(socket), std::move(peer));
  if (!connection->watch(readiness_)) {
    spdlog::warn("a connection is closed: the system has no memory to watch it");
    return;
  }
  add(connection);
  const Peer& who = connection->peer();
  const bool limited =
      options_.connections_an_address != 0 && (!who.loopback || options_.limit_loopback);
  if (limited && by_address_[who.address] > options_.connections_an_address)
    connection->refuse({429, "too-many-connections",
                        "an address may have " + std::to_string(options_.connections_an_address) +
                            " connections; close one, then try again"});
}

void ConnectionPool::add(std::shared_ptr<Connection> connection) {
  connection->pool_index = connections_.size();
  ++by_address_[connection->peer().address];
  connections_.push_back(std::move(connection));
}

void ConnectionPool::remove(Connection& connection) {
  connections_.back()->pool_index = connection.pool_index;
  std::swap(connections_[connection.pool_index], connections_.back());
  closed_.push_back(std::move(connections_.back()));
  connections_.pop_back();
  const auto address = by_address_.find(connection.peer().address);
  if (--address->second == 0) by_address_.erase(address);
}

void ConnectionPool::begin_turn() {
  ++turn_;
  const auto now = std::exchange(going_on_, {});
  for (Connection* connection : now) connection->go_on();
}

// What is written may free a waiting request, whose answer is sent in the same turn.
void ConnectionPool::flush() {
  while (!dirty_.empty()) {
    const auto now = std::exchange(dirty_, {});
    for (Connection* connection : now) connection->flush();
  }
  if (closed_.empty()) return;
  std::erase_if(going_on_, [](const Connection* connection) { return connection->is_closed(); });
  closed_.clear();
}

void ConnectionPool::ends_soon(Connection& connection) {
  ending_.emplace_back(now() + std::chrono::milliseconds(limits::stream_ending_ms),
                       connections_[connection.pool_index]);
}

// From back to front: one that is closed is replaced by the last, which has been looked at then.
void ConnectionPool::sweep() {
  const Monotonic now = this->now();
  while (!ending_.empty() && ending_.front().first <= now) {
    const auto connection = std::move(ending_.front().second);
    ending_.pop_front();
    connection->check_deadline(now);
  }
  for (std::size_t n = connections_.size() / 10 + 1; n != 0 && !connections_.empty(); --n) {
    if (swept_ == 0 || swept_ > connections_.size()) swept_ = connections_.size();
    connections_[--swept_]->check_deadline(now);
  }
}

void ConnectionPool::stop() {
  std::vector<Connection*> all;
  all.reserve(connections_.size());
  for (const auto& connection : connections_) all.push_back(connection.get());
  for (Connection* connection : all) connection->stop();
}

void ConnectionPool::close() {
  while (!connections_.empty()) connections_.back()->close();
  dirty_.clear();
  going_on_.clear();
  ending_.clear();
  closed_.clear();
}

std::string_view ConnectionPool::date() {
  const std::int64_t second = clock_.wall_ms() / 1000;
  if (second != date_second_) {
    date_second_ = second;
    date_ = http_date(second);
  }
  return date_;
}

}  // namespace yallchat
