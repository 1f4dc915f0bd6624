#include "bridge/puppet.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace yallchat {

using std::chrono::milliseconds;

Puppet::Puppet(Options options, BridgeSurroundings& around)
    : Voice(around), options_(std::move(options)) {
  join();
}

void Puppet::join() {
  SessionOptions session;
  session.url = options_.chat;
  session.user = options_.name;
  session.session = std::exchange(options_.key, {});
  session.interval = milliseconds(limits::bridge_stay_ms);
  session.stream = false;
  session.reads = false;
  Voice::join(std::move(session));
}

void Puppet::linger() {
  if (wanted_by_.empty())
    stays_until_ = around().clock.monotonic() + milliseconds(limits::bridge_linger_ms);
}

void Puppet::dismiss() {
  wanted_by_.clear();
  stays_until_ = {};
  leave();
}

bool Puppet::is_needed() const {
  return !wanted_by_.empty() || busy() || around().clock.monotonic() < stays_until_;
}

bool Puppet::wants_to_ask_again() const {
  return again_at_ && !gone_ && is_needed() && around().clock.monotonic() >= *again_at_;
}

void Puppet::ask_again(bool room) {
  again_at_.reset();
  if (!room) return wait_to_ask();
  join();
}

void Puppet::wait_to_ask() {
  again_at_ = around().clock.monotonic() + milliseconds(limits::bridge_again_ms);
}

void Puppet::turn() {
  if (again_at_ && !is_needed()) gone_ = true;
  if (session() && !is_needed()) leave();
  Voice::turn();
  if (const auto how = take_end()) return on_end(*how);
  if (told_ || !is_in()) return;
  told_ = true;
  refusal_told_.clear();
  around().reporter.report({.kind = Report::Kind::joined, .to = place(), .name = options_.name});
}

void Puppet::on_end(const SessionEnd& how) {
  if (std::exchange(told_, false))
    around().reporter.report({.kind = Report::Kind::left, .to = place(), .name = options_.name});
  if (how.how == SessionEnd::How::left) {
    gone_ = !is_needed();
    if (!gone_) join();  // it was wanted again while it left
    return;
  }
  if (std::exchange(refusal_told_, how.words) != how.words)
    around().reporter.report(
        {.kind = Report::Kind::refused, .to = place(), .name = options_.name, .words = how.words});
  wait_to_ask();
}

Monotonic Puppet::wake_at() const {
  Monotonic at = Voice::wake_at();
  if (again_at_) at = std::min(at, *again_at_);
  if (wanted_by_.empty() && stays_until_ > around().clock.monotonic())
    at = std::min(at, stays_until_);
  return at;
}

}  // namespace yallchat
