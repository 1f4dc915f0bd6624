// The sending half of a connection: answers out in the order of the requests, and its end.
#include <spdlog/spdlog.h>

#include <utility>
#include <vector>

#include "base/check.h"
#include "http/connection.h"
#include "http/connection_pool.h"
#include "http/takeover.h"

namespace yallchat {
namespace {

// A buffer that grew beyond this is given back when it is empty, so that idle connections cost
// little.
constexpr std::size_t kept_capacity = 4 * limits::KiB;
constexpr std::size_t compact_from = 64 * limits::KiB;

}  // namespace

void Responder::operator()(const Answer& answer, Written written) const {
  connection_->answer(slot_, answer, std::move(written));
}

bool Responder::may_have_lost_its_client() const {
  return connection_->eof_;
}

void Responder::take_over(const Answer& head, const MakeTakeover& make) const {
  connection_->take_over(slot_, head, make);
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

// A read is begun when all before it is answered, and nothing is begun behind it: its slot is the
// only one.
void Connection::take_over(std::uint64_t slot, const Answer& head,
                           const Responder::MakeTakeover& make) {
  if (phase_ == Phase::closed || phase_ == Phase::drain || slot != first_slot_) return;
  Delivery& how = slots_.front().delivery;
  how.date = pool_.date();
  how.keep_alive = head.status == 101;
  write_answer(out_, head, how);
  end_slot();
  CHECK(slots_.empty(), "nothing waits behind who takes over");
  request_.reset();
  phase_ = Phase::taken;
  sent_at_ = pool_.now();
  socket_.give_up_after(limits::stream_stalled_ms);
  takeover_ = make(*this);
  takeover_->on_begin();
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
  pool_.to_flush(*this);
}

void Connection::flush() {
  dirty_ = false;
  if (phase_ == Phase::closed || blocked_ || !send_rest()) return;
  while (sent_ < out_.size()) {
    const Socket::Io put = socket_.write(std::string_view(out_).substr(sent_));
    if (put.outcome == Socket::Outcome::blocked) return await_room();
    if (put.outcome != Socket::Outcome::done) return close();
    sent_ += put.bytes;
    sent_at_ = pool_.now();
  }
  const std::size_t sent = std::exchange(sent_, 0);
  give_back(out_);
  run_written(sent);
  after_flush();
}

// Whether there is nothing left of an event that was begun.
bool Connection::send_rest() {
  while (rest_) {
    const Socket::Io put = socket_.write(rest_->event.from(rest_->sent));
    if (put.outcome == Socket::Outcome::done) {
      sent_at_ = pool_.now();
      rest_->sent += put.bytes;
      if (rest_->sent == rest_->event.size()) rest_ = nullptr;
    } else {
      put.outcome == Socket::Outcome::blocked ? await_room() : close();
      return false;
    }
  }
  return true;
}

void Connection::await_room() {
  run_written(sent_);
  // A reader that never drains all of it shall not make the sent part grow for ever.
  if (sent_ >= compact_from) {
    out_.erase(0, sent_);
    for (Unsent& unsent : unsent_) unsent.end -= sent_;
    sent_ = 0;
  }
  if (phase_ != Phase::closing || !takeover_)
    expect_within(takeover_ ? limits::stream_stalled_ms : pool_.options().idle_timeout_ms);
  blocked_ = true;
}

// --- For who has taken it over ---

std::size_t Connection::send_now(std::string_view bytes) {
  return send_now(std::span(&bytes, 1), bytes.size());
}

std::size_t Connection::send_now(SharedEvent event) {
  const std::size_t sent = send_now(event.from(0), event.size());
  if (sent != 0 && sent != event.size()) rest_ = std::make_unique<Rest>(std::move(event), sent);
  return sent;
}

std::size_t Connection::send_now(std::span<const std::string_view> parts, std::size_t bytes) {
  if (phase_ != Phase::taken || blocked_ || rest_ || !out_.empty()) return 0;
  const Socket::Io put = parts.size() == 1 ? socket_.write(parts.front()) : socket_.write(parts);
  if (put.outcome == Socket::Outcome::failed) {
    close();
    return 0;
  }
  if (put.bytes != 0) sent_at_ = pool_.now();
  if (put.bytes < bytes) await_room();
  return put.bytes;
}

void Connection::append(std::string_view bytes) {
  if (phase_ != Phase::taken) return;
  out_.append(bytes);
  mark_dirty();
}

void Connection::finish() {
  if (phase_ != Phase::taken) return;
  phase_ = Phase::closing;
  expect_within(limits::stream_ending_ms);
  pool_.ends_soon(*this);
  mark_dirty();
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
  if (phase_ == Phase::taken) {
    takeover_->on_room();
    receive_later();
    return;
  }
  if (phase_ == Phase::closing && slots_.empty()) {
    begin_drain();
    return;
  }
  if (slots_.empty() && phase_ == Phase::head && input_.empty())
    expect_within(pool_.options().idle_timeout_ms);
  if (phase_ < Phase::closing) resume();
  receive_later();
}

// --- Ending ---

void Connection::check_taken(Monotonic now) {
  if (!blocked_)
    takeover_->on_look(now);
  else if (now >= deadline_)
    close();
}

void Connection::check_deadline(Monotonic now) {
  if (phase_ == Phase::taken) return check_taken(now);
  if (phase_ == Phase::closed || now < deadline_) return;
  const bool waits_for_us = !slots_.empty() && !blocked_;
  if (waits_for_us) return;
  if (phase_ == Phase::body && !blocked_)
    fail({408, "body-timeout", "the body did not come in time"});
  else if (phase_ == Phase::head && !input_.empty() && !blocked_)
    fail({408, "head-timeout", "the head did not come in time"});
  else
    close();
}

void Connection::stop() {
  stopping_ = true;
  if (phase_ == Phase::taken) return takeover_->on_stop();
  if (phase_ < Phase::closing) resume();
  receive_later();
}

// Closing with unread input would reset the connection, and the reset could overtake the answer.
void Connection::begin_drain() {
  give_back(input_);
  socket_.end_sending();
  if (eof_) return close();
  phase_ = Phase::drain;
  expect_within(limits::drain_timeout_ms);
  drain();
}

void Connection::drain() {
  Socket::Io got{Socket::Outcome::done};
  while (got.outcome == Socket::Outcome::done && drained_ < limits::drain_bytes) {
    got = socket_.read(pool_.read_buffer());
    drained_ += got.bytes;
  }
  if (got.outcome != Socket::Outcome::blocked) return close();
  readable_ = false;
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  const bool taken = phase_ == Phase::taken;
  phase_ = Phase::closed;
  rest_ = nullptr;
  socket_.close();
  pool_.remove(*this);
  request_.reset();
  const auto unsent = std::exchange(unsent_, {});
  const auto slots = std::exchange(slots_, {});
  first_slot_ += slots.size();
  for (const Unsent& answer : unsent) answer.written(false);
  for (const Slot& slot : slots)
    if (slot.written) slot.written(false);
  if (taken) takeover_->on_closed();
}

}  // namespace yallchat
