#include "http/connection_pool.h"

#include <boost/asio/ip/address.hpp>

namespace yallchat {
namespace {

Peer peer_of(const Connection::Socket& socket) {
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return {};
  auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
  return {address.to_string(), address.is_loopback()};
}

}  // namespace

ConnectionPool::ConnectionPool(Options options, const Clock& clock, Handler handler)
    : options_(options), clock_(clock), handler_(std::move(handler)) {}

void ConnectionPool::accept(Connection::Socket socket) {
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  const Peer peer = peer_of(socket);
  const auto connection = std::make_shared<Connection>(*this, std::move(socket), peer);
  const bool limited =
      options_.connections_an_address != 0 && (!peer.loopback || options_.limit_loopback);
  if (limited && by_address_[peer.address] > options_.connections_an_address) {
    connection->refuse({429, "too-many-connections",
                        "an address may have " + std::to_string(options_.connections_an_address) +
                            " connections; close one, then try again"});
    return;
  }
  connection->start();
}

void ConnectionPool::add(Connection& connection) {
  connection.pool_index = connections_.size();
  connections_.push_back(&connection);
  ++by_address_[connection.peer().address];
}

void ConnectionPool::remove(Connection& connection) {
  connections_.back()->pool_index = connection.pool_index;
  std::swap(connections_[connection.pool_index], connections_.back());
  connections_.pop_back();
  const auto address = by_address_.find(connection.peer().address);
  if (--address->second == 0) by_address_.erase(address);
}

void ConnectionPool::begin_turn() {
  ++turn_;
  const auto now = std::exchange(going_on_, {});
  for (const auto& connection : now) connection->continue_requests();
}

// What is written may free a waiting request, whose answer is sent in the same turn.
void ConnectionPool::flush() {
  while (!dirty_.empty()) {
    const auto now = std::exchange(dirty_, {});
    for (const auto& connection : now) connection->flush();
  }
}

void ConnectionPool::sweep() {
  const Monotonic now = this->now();
  // A look may close a connection, which moves others; so hold those of this part first.
  std::vector<std::shared_ptr<Connection>> part;
  for (std::size_t n = connections_.size() / 10 + 1; n != 0 && !connections_.empty(); --n) {
    swept_ = (swept_ + 1) % connections_.size();
    if (auto connection = connections_[swept_]->weak_from_this().lock())
      part.push_back(std::move(connection));
  }
  for (const auto& connection : part) connection->check_deadline(now);
}

void ConnectionPool::stop() {
  std::vector<std::shared_ptr<Connection>> all;
  for (Connection* connection : connections_)
    if (auto shared = connection->weak_from_this().lock()) all.push_back(std::move(shared));
  for (const auto& connection : all) connection->stop();
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
