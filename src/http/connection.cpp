// The reading half of a connection: bytes in, requests out, in their turn.
#include "http/connection.h"

#include <algorithm>
#include <utility>

#include "http/connection_pool.h"
#include "http/request_head.h"
#include "http/takeover.h"

namespace yallchat {
namespace {

constexpr std::string_view continue_head = "HTTP/1.1 100 Continue\r\n\r\n";

bool is_write(const Request& request) {
  return request.method() != Method::get && request.method() != Method::head;
}

}  // namespace

Connection::Connection(ConnectionPool& pool, Socket socket, Peer peer)
    : pool_(pool), socket_(std::move(socket)), peer_(std::move(peer)) {
  expect_within(pool_.options().idle_timeout_ms);
}

Connection::~Connection() = default;

void Connection::refuse(const Failure& failure) {
  fail(failure);
  flush();
}

std::int64_t Connection::head_timeout_ms() const {
  return pool_.options().head_timeout_ms;
}

void Connection::expect_within(std::int64_t timeout_ms) {
  deadline_ = pool_.now() + std::chrono::milliseconds(timeout_ms);
}

// --- Reading ---

void Connection::on_ready(Readiness::Change change) {
  readable_ |= change.readable;
  ended_ |= change.ended;
  if (change.writable && std::exchange(blocked_, false)) flush();
  if (may_receive()) receive();
}

bool Connection::may_receive() const {
  if (!readable_ || eof_ || phase_ == Phase::closed) return false;
  if (phase_ == Phase::taken) return input_.empty() && may_give_on();
  return input_.size() < limits::read_buffer_bytes;
}

bool Connection::may_give_on() const {
  return takeover_->wants_input() && out_.size() - sent_ < limits::unsent_answer_bytes;
}

void Connection::receive() {
  if (phase_ == Phase::drain) return drain();
  auto& buffer = pool_.read_buffer();
  const Socket::Io got = socket_.read(buffer);
  // Where the buffer was not filled nothing is left, and more will be told of. An end was told
  // already.
  if (got.bytes < buffer.size() && !ended_) readable_ = false;
  switch (got.outcome) {
    case Socket::Outcome::done: take({buffer.data(), got.bytes}); break;
    case Socket::Outcome::blocked: readable_ = false; break;
    case Socket::Outcome::ended:
      // The other end has finished sending, not listening: what it asked is still answered. But
      // nobody half-closes a stream of events: it has gone.
      eof_ = true;
      if (phase_ == Phase::taken) return close();
      resume();
      break;
    case Socket::Outcome::failed: close();
  }
  receive_later();
}

void Connection::receive_later() {
  const bool has_input = phase_ == Phase::taken && !input_.empty() && may_give_on();
  if (has_input || may_receive()) go_on_later();
}

void Connection::go_on_later() {
  if (!std::exchange(going_on_, true)) pool_.to_go_on(*this);
}

void Connection::go_on() {
  going_on_ = false;
  if (phase_ < Phase::closing) resume();
  if (may_receive()) receive();
}

// Consumes straight from the shared buffer when nothing is left over from before.
void Connection::take(std::string_view received) {
  if (input_.empty()) {
    const std::size_t used = consume(received);
    input_.append(received.substr(used));
  } else {
    input_.append(received);
    resume();
  }
}

void Connection::resume() {
  std::string held = std::exchange(input_, {});
  const std::size_t used = consume(held);
  held.erase(0, used);
  input_ = std::move(held);
  if (input_.empty()) give_back(input_);
}

std::size_t Connection::consume(std::string_view bytes) {
  std::size_t used = 0;
  for (;;) {
    const std::string_view rest = bytes.substr(used);
    const Phase before = phase_;
    if (phase_ == Phase::head && !rest.empty() && may_begin())
      used += begin_request(rest);
    else if (phase_ == Phase::waiting && try_to_proceed())
      begin_body();
    else if (phase_ == Phase::body)
      used += read_body(rest);
    else if (phase_ == Phase::taken && !rest.empty() && may_give_on())
      used += takeover_->on_input(rest);
    else if (phase_ >= Phase::closing)
      used = bytes.size();
    if (used == bytes.size() - rest.size() && phase_ == before) break;
  }
  // Nothing more comes, or is wanted: what is whole by now has been begun, or waits for its turn.
  const bool between = phase_ == Phase::head;
  if ((eof_ && ((between && may_begin()) || phase_ == Phase::body)) || (stopping_ && between)) {
    request_.reset();
    phase_ = Phase::closing;
    used = bytes.size();
    mark_dirty();
  }
  return used;
}

bool Connection::may_begin() const {
  const bool in_turn = turn_ != pool_.turn() || begun_ < limits::requests_a_turn;
  return in_turn && slots_.size() < limits::pipelined_requests &&
         out_.size() - sent_ < limits::unsent_answer_bytes;
}

void Connection::count_begun() {
  if (turn_ != pool_.turn()) begun_ = 0;
  turn_ = pool_.turn();
  if (++begun_ == limits::requests_a_turn) go_on_later();
}

// Reads a head. 0: it is not complete.
std::size_t Connection::begin_request(std::string_view bytes) {
  request_.emplace();
  const HeadVerdict verdict = read_head(bytes, *request_);
  if (verdict.kind != HeadVerdict::Kind::complete) request_.reset();
  if (verdict.kind == HeadVerdict::Kind::incomplete) {
    // An empty line behind a body is no beginning (RFC 9112, section 2.2).
    if (verdict.skipped == bytes.size()) return verdict.skipped;
    // The time for a head runs from its first byte, not from its latest.
    if (!head_begun_) expect_within(pool_.options().head_timeout_ms);
    head_begun_ = true;
    return 0;
  }
  if (verdict.kind == HeadVerdict::Kind::refused) {
    fail({verdict.status, verdict.reason, std::string(verdict.detail)});
    return bytes.size();
  }
  head_begun_ = false;
  count_begun();
  phase_ = Phase::waiting;
  body_.emplace(*request_, pool_.options().max_message);
  if (body_failed()) return bytes.size();
  return verdict.skipped + verdict.length;
}

// Whether the body cannot be read; then that was answered.
bool Connection::body_failed() {
  if (!body_->failure()) return false;
  fail(*body_->failure());
  return true;
}

bool Connection::all_writes() const {
  return std::all_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.write; });
}

// Whether the request may go on now. If so, a client that waits for it is told to send the body.
bool Connection::try_to_proceed() {
  const Request& request = *request_;
  const bool expects = request.expects();
  if (!slots_.empty() && (expects || !is_write(request) || !all_writes())) return false;
  if (!expects || body_->is_done()) return true;
  // Whether the body will come nobody knows then, so the connection cannot go on.
  if (request.expects_more()) {
    fail({417, "expectation", "the only expectation is 100-continue"});
    return false;
  }
  out_.append(continue_head);
  mark_dirty();
  return true;
}

void Connection::begin_body() {
  phase_ = Phase::body;
  expect_within(pool_.options().body_timeout_ms);
}

std::size_t Connection::read_body(std::string_view bytes) {
  const std::size_t used = body_->read(bytes, *request_);
  if (body_failed()) return bytes.size();
  if (body_->is_done()) dispatch();
  return used;
}

void Connection::dispatch() {
  Request& request = *request_;
  phase_ = request.keep_alive() ? Phase::head : Phase::closing;
  const std::uint64_t slot = first_slot_ + slots_.size();
  Delivery how;
  how.keep_alive = phase_ == Phase::head;
  how.head = request.method() == Method::head;
  how.http10 = request.http10();
  how.cors = cors_of(request, pool_.options().cors_origins);
  slots_.push_back({is_write(request), how, std::nullopt, {}});
  pool_.handle(request, peer_, Responder(shared_from_this(), slot));
  request_.reset();
}

// The bytes that follow cannot be trusted: answers, in its turn, and closes.
void Connection::fail(const Failure& failure) {
  const bool as_problem = request_ && request_->accepts_problem();
  Delivery how;
  if (request_) how.cors = cors_of(*request_, pool_.options().cors_origins);
  request_.reset();
  phase_ = Phase::closing;
  const std::uint64_t slot = first_slot_ + slots_.size();
  how.keep_alive = false;
  slots_.push_back({true, how, std::nullopt, {}});
  answer(slot, failed(failure, as_problem), {});
}

}  // namespace yallchat
