// The sending half of a connection: answers out in the order of the requests, and its end.
#include <spdlog/spdlog.h>

#include <boost/asio/buffer.hpp>
#include <utility>
#include <vector>

#include "base/check.h"
#include "http/connection.h"
#include "http/connection_pool.h"

namespace yallchat {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

// A buffer that grew beyond this is given back when it is empty, so that idle connections cost
// little.
constexpr std::size_t kept_capacity = 4 * limits::KiB;
constexpr std::size_t compact_from = 64 * limits::KiB;

}  // namespace

void Responder::operator()(const Answer& answer, Written written) const {
  connection_->answer(slot_, answer, std::move(written));
}

void Connection::give_back(std::string& buffer) {
  if (buffer.capacity() > kept_capacity)
    std::string().swap(buffer);
  else
    buffer.clear();
}

// --- Answering ---

void Connection::answer(std::uint64_t slot, const Answer& answer, Responder::Written written) {
  if (phase_ == Phase::closed || phase_ == Phase::drain || slot < first_slot_) {
    if (written) written(false);
    return;
  }
  Slot& to = slots_.at(slot - first_slot_);
  CHECK(!to.ready, "a request is answered once");
  spdlog::debug("{} is answered {}", peer_.address, answer.status);
  to.delivery.date = pool_.date();
  to.written = std::move(written);
  if (slot == first_slot_) {
    write_answer(out_, answer, to.delivery);
    end_slot();
    queue_ready();
  } else {
    write_answer(to.ready.emplace(), answer, to.delivery);
  }
  mark_dirty();
}

// The first slot's answer is in out_.
void Connection::end_slot() {
  if (slots_.front().written) unsent_.push_back({out_.size(), std::move(slots_.front().written)});
  slots_.pop_front();
  ++first_slot_;
}

void Connection::queue_ready() {
  while (!slots_.empty() && slots_.front().ready) {
    out_.append(*slots_.front().ready);
    end_slot();
  }
}

void Connection::mark_dirty() {
  if (dirty_) return;
  dirty_ = true;
  pool_.to_flush(shared_from_this());
}

void Connection::flush() {
  dirty_ = false;
  if (phase_ == Phase::closed || writing_) return;
  while (sent_ < out_.size()) {
    error_code error;
    const std::size_t n =
        socket_.write_some(boost::asio::buffer(out_.data() + sent_, out_.size() - sent_), error);
    if (error == boost::asio::error::would_block) {
      await_writable();
      return;
    }
    if (error) {
      close();
      return;
    }
    sent_ += n;
  }
  const std::size_t sent = std::exchange(sent_, 0);
  give_back(out_);
  run_written(sent);
  after_flush();
}

void Connection::await_writable() {
  run_written(sent_);
  // A reader that never drains all of it shall not make the sent part grow for ever.
  if (sent_ >= compact_from) {
    out_.erase(0, sent_);
    for (Unsent& unsent : unsent_) unsent.end -= sent_;
    sent_ = 0;
  }
  expect_within(pool_.options().idle_timeout_ms);
  writing_ = true;
  socket_.async_wait(tcp::socket::wait_write, [self = shared_from_this()](error_code error) {
    self->writing_ = false;
    if (error)
      self->close();
    else
      self->flush();
  });
}

// Tells those whose answer has been taken by the system as a whole. They may answer more meanwhile.
void Connection::run_written(std::size_t sent) {
  std::vector<Responder::Written> done;
  while (!unsent_.empty() && unsent_.front().end <= sent) {
    done.push_back(std::move(unsent_.front().written));
    unsent_.pop_front();
  }
  for (const auto& written : done) written(true);
}

void Connection::after_flush() {
  // Being told that an answer was sent may have brought the next one: it comes with the next flush.
  if (!out_.empty()) return;
  if (phase_ == Phase::closing && slots_.empty()) {
    begin_drain();
    return;
  }
  if (slots_.empty() && phase_ == Phase::head && input_.empty())
    expect_within(pool_.options().idle_timeout_ms);
  if (phase_ < Phase::closing) resume();
}

// --- Ending ---

void Connection::check_deadline(Monotonic now) {
  if (phase_ == Phase::closed || now < deadline_) return;
  const bool waits_for_us = !slots_.empty() && !writing_;
  if (waits_for_us) return;
  if (phase_ == Phase::body && !writing_)
    fail({408, "body-timeout", "the body did not come in time"});
  else if (phase_ == Phase::head && !input_.empty() && !writing_)
    fail({408, "head-timeout", "the head did not come in time"});
  else
    close();
}

void Connection::stop() {
  stopping_ = true;
  if (phase_ < Phase::closing) resume();
}

// Closing with unread input would reset the connection, and the reset could overtake the answer.
void Connection::begin_drain() {
  give_back(input_);
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  if (eof_) {
    close();
    return;
  }
  phase_ = Phase::drain;
  expect_within(limits::drain_timeout_ms);
  drain();
}

void Connection::drain() {
  error_code error;
  auto& buffer = pool_.read_buffer();
  while (!error && drained_ < limits::drain_bytes)
    drained_ += socket_.read_some(boost::asio::buffer(buffer), error);
  if (error == boost::asio::error::would_block)
    await_readable();
  else
    close();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  error_code ignored;
  socket_.close(ignored);
  request_.reset();
  const auto unsent = std::exchange(unsent_, {});
  const auto slots = std::exchange(slots_, {});
  first_slot_ += slots.size();
  for (const Unsent& answer : unsent) answer.written(false);
  for (const Slot& slot : slots)
    if (slot.written) slot.written(false);
}

}  // namespace yallchat
