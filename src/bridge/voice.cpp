#include "bridge/voice.h"

#include <utility>

#include "bridge/digest.h"

namespace yallchat {

void Voice::join(SessionOptions options) {
  // A voice that reads, too, is joined anew to read something again.
  options.retry = retry_for_ever;
  options.patient = true;
  options.taken = std::chrono::milliseconds(0);
  options.settles = false;
  if (const std::string& secret = around_.state.secret; !secret.empty())
    options.join_key = short_digest({secret, options.url.base, options.user});
  give_up_lines();
  session_ = std::make_unique<ClientSession>(
      std::move(options),
      ClientSession::Surroundings{around_.transport, around_.clock, around_.random, *this});
  was_in_ = false;
  session_->start();
}

void Voice::say(OutgoingLine line, LineOwner& owner) {
  line.number = ++last_number_;
  owners_[line.number] = &owner;
  session_->send(std::move(line));
}

void Voice::leave() {
  if (session_) session_->leave();
}

void Voice::turn() {
  if (!session_) return;
  session_->turn();
  was_in_ = was_in_ || is_in();
}

bool Voice::is_in() const {
  if (!session_) return false;
  const ConnectionState::Kind kind = session_->connection().kind;
  return kind == ConnectionState::Kind::streaming || kind == ConnectionState::Kind::polling;
}

std::optional<SessionEnd> Voice::take_end() {
  if (!session_ || !session_->ended()) return std::nullopt;
  std::optional<SessionEnd> how = session_->ended();
  session_.reset();
  give_up_lines();
  return how;
}

// Of a session that is over.
void Voice::give_up_lines() {
  for (const auto& [number, owner] : std::exchange(owners_, {})) {
    if (was_in_)
      owner->unknown("the session ended");
    else
      owner->not_said();
  }
}

LineOwner* Voice::take_owner(std::uint64_t number) {
  const auto node = owners_.extract(number);
  return node ? node.mapped() : nullptr;
}

void Voice::acknowledged(std::uint64_t number, std::optional<Seqnr> seqnr) {
  if (LineOwner* const owner = take_owner(number)) owner->acknowledged(seqnr);
}

void Voice::line_refused(std::uint64_t number, const std::string& why) {
  if (LineOwner* const owner = take_owner(number)) owner->refused(why);
}

void Voice::line_unknown(std::uint64_t number, const std::string& why) {
  if (LineOwner* const owner = take_owner(number)) owner->unknown(why);
}

}  // namespace yallchat
