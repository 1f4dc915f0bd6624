#include "client/session.h"

#include <algorithm>

#include "base/check.h"
#include "base/duration.h"
#include "base/limits.h"

namespace yallchat {

ClientSession::ClientSession(SessionOptions options, Surroundings around)
    : options_(std::move(options)),
      around_(around),
      session_(options_.session),
      saved_(!options_.session.empty()),
      reading_(around.clock, around.random, options_.retry),
      sending_(around.clock, around.random, options_.retry),
      rejoining_(around.clock, around.random, options_.retry),
      taken_(around.clock, around.random, options_.taken.value_or(options_.retry)),
      cursor_(options_.start),
      roster_(options_.user),
      stream_tries_(around.clock, around.random,
                    std::chrono::milliseconds(limits::client_stream_tries_ms)),
      outbox_(options_.user) {}

ClientSession::~ClientSession() {
  for (const auto id : {join_, poll_, stream_, send_, history_, find_})
    around_.transport.cancel(id);
}

void ClientSession::start() {
  join_key_ = new_join_key();
  begin_join();
}

bool ClientSession::wants_lines() const {
  return !finishing_ && !outbox_.full() && phase_ != Phase::leaving && phase_ != Phase::ended;
}

void ClientSession::send(std::uint64_t number, std::string text, std::string key) {
  send({.number = number, .text = std::move(text), .key = std::move(key)});
}

void ClientSession::send(OutgoingLine line) {
  if (line.key.empty()) line.key = new_idempotency_key(around_.random);
  outbox_.add(std::move(line));
}

void ClientSession::finish() {
  finishing_ = true;
}

void ClientSession::leave() {
  if (phase_ == Phase::leaving || phase_ == Phase::ended) return;
  close_stream();
  cancel_pages();
  around_.transport.cancel(poll_);
  poll_ = 0;
  cancel_send();
  if (phase_ == Phase::directory) {
    around_.transport.cancel(join_);
    join_ = 0;
  }
  // A join on its way is waited for: left alone, it would hold the name until the server's timeout.
  const bool joining = phase_ == Phase::joining;
  const bool on_its_way = joining && join_ != 0;
  phase_ = Phase::leaving;
  join_at_ = now() + std::chrono::milliseconds(limits::client_leave_timeout_ms);
  if (joining && !on_its_way) return end(SessionEnd::How::left, "");
  if (!on_its_way) begin_leave();
}

Monotonic ClientSession::wake_at() const {
  Monotonic at = Monotonic::max();
  if (phase_ == Phase::leaving || (phase_ == Phase::joining && join_ == 0)) at = join_at_;
  if (phase_ != Phase::live) return at;
  if (stream_ != 0) at = std::min(at, stream_silent_at_);
  if (wants_stream()) at = std::min(at, stream_at_);
  if (poll_ == 0 && !streaming_) at = std::min(at, poll_at_);
  if (send_ == 0 && !outbox_.empty() && !settling_) at = std::min(at, send_at_);
  if (seen_by_) at = std::min(at, *seen_by_);
  return draining() && !seen_by_ ? now() : at;
}

void ClientSession::turn() {
  const Monotonic at = now();
  if (phase_ == Phase::joining && join_ == 0 && at >= join_at_) begin_join();
  if (phase_ == Phase::leaving && at >= join_at_) end(SessionEnd::How::left, "");
  if (phase_ != Phase::live) return;
  if (send_ == 0 && !outbox_.empty() && !settling_ && at >= send_at_) begin_send();
  if (stream_ != 0 && at >= stream_silent_at_) on_stream_silent();
  if (wants_stream() && at >= stream_at_) begin_stream();
  if (poll_ == 0 && !streaming_ && at >= poll_at_) {
    if (options_.search)
      begin_search();
    else if (options_.reads)
      begin_poll();
    else
      begin_stay();
  }
  if (draining()) drain(at);
}

bool ClientSession::draining() const {
  return finishing_ && outbox_.empty() && (caught_up_ || !options_.start.from);
}

// All is acknowledged: what was said should also be read back, but not waited for without end.
void ClientSession::drain(Monotonic at) {
  if (!seen_by_) seen_by_ = at + std::chrono::milliseconds(limits::client_own_seen_timeout_ms);
  const std::size_t unseen = outbox_.unseen();
  if (unseen != 0 && at < *seen_by_) return;
  if (unseen != 0)
    around_.listener.warning(
        "the server took " + std::to_string(unseen) +
        (unseen == 1 ? " message that was" : " messages that were") + " not read back within " +
        format_duration(std::chrono::milliseconds(limits::client_own_seen_timeout_ms)));
  leave();
}

void ClientSession::begin_leave() {
  HttpRequest leave = request("PUT", "/leave/");
  leave.timeout = std::chrono::milliseconds(limits::client_leave_timeout_ms);
  // Whatever the answer: a session that could not be left ends by the server's timeout.
  join_ = around_.transport.start(std::move(leave), [this](const HttpOutcome& outcome) {
    join_ = 0;
    end(SessionEnd::How::left, "");
    end_->answered = outcome.answer.has_value();
  });
}

void ClientSession::end(SessionEnd::How how, std::string words) {
  if (phase_ == Phase::ended) return;
  phase_ = Phase::ended;
  close_stream();
  cancel_pages();
  for (const auto id : {join_, poll_}) around_.transport.cancel(id);
  join_ = poll_ = 0;
  cancel_send();
  end_ = SessionEnd{how, std::move(words)};
}

HttpRequest ClientSession::request(std::string method, const std::string& path) const {
  HttpRequest made;
  made.method = std::move(method);
  made.url = options_.url.base + path;
  made.timeout = std::chrono::milliseconds(limits::client_request_timeout_ms);
  made.keep_alive = yallchat_;
  if (!session_.empty()) made.headers.emplace_back("session", session_);
  return made;
}

void ClientSession::outage(const std::string& why) {
  if (outage_told_) return;
  outage_told_ = true;
  const bool for_ever = options_.retry == retry_for_ever;
  around_.listener.warning(why + "; trying again" +
                           (for_ever ? "" : " for " + format_duration(options_.retry)));
}

std::string ClientSession::gave_up(const std::string& why) const {
  if (options_.retry.count() == 0) return why;
  return why + "; gave up after trying again for " + format_duration(options_.retry);
}

void ClientSession::recovered() {
  if (!outage_told_ || reading_.failing() || sending_.failing()) return;
  outage_told_ = false;
  around_.listener.warning("connected again");
}

ConnectionState ClientSession::connection() const {
  using enum ConnectionState::Kind;
  if (phase_ == Phase::leaving || phase_ == Phase::ended) return {.kind = ended};
  if (phase_ == Phase::joining && join_ == 0) return {.kind = waiting, .again_at = join_at_};
  if (phase_ != Phase::live) return {.kind = connecting};
  if (streaming_) return {.kind = streaming};
  if (!reading_.failing()) return {.kind = polling};
  if (poll_ != 0) return {.kind = connecting};
  return {.kind = waiting, .again_at = poll_at_};
}

}  // namespace yallchat
