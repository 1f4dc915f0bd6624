#include "bridge/continuity.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "bridge/digest.h"

namespace yallchat {
namespace {

std::string digest_of(const Event& message) {
  return short_digest({message.source, message.body, message.time});
}

}  // namespace

void Continuity::read(const Event& message) {
  const bool newer = message.seqnr && (!last_ || *message.seqnr > last_->seqnr);
  if (newer || (last_ && message.seqnr == last_->seqnr && last_->digest.empty()))
    last_ = Last{.seqnr = *message.seqnr, .digest = digest_of(message)};
}

void Continuity::begin_anew() {
  *this = Continuity();
}

std::optional<Seqnr> Continuity::ask(Monotonic now) {
  if (!wants_to_ask() || now < ask_at_) return std::nullopt;
  asked_ = true;
  return last_->seqnr;
}

bool Continuity::not_answered(Monotonic now) {
  if (!std::exchange(asked_, false)) return true;
  ask_at_ = now + std::chrono::milliseconds(limits::bridge_check_again_ms);
  if (++in_vain_ < limits::bridge_checks) return true;
  in_vain_ = 0;
  sure_ = true;
  if (last_->digest.empty()) last_.reset();
  return false;
}

bool Continuity::answered(const HistoryStretch& page) {
  if (!std::exchange(asked_, false)) return true;
  const auto is_message = [](const StreamEvent& told) {
    return told.type == StreamEvent::Type::message;
  };
  const auto found = std::ranges::find_if(page.events, is_message);
  const bool there = found != page.events.end();
  if (there && found->event.seqnr != last_->seqnr) return true;  // somebody else's question
  in_vain_ = 0;
  sure_ = true;
  if (last_->digest.empty()) {
    last_.reset();
    if (there) read(found->event);
    return true;
  }
  // A gap says that it is not kept any more, and so nothing of it.
  return there ? digest_of(found->event) == last_->digest : !page.events.empty();
}

}  // namespace yallchat
