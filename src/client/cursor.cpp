#include "client/cursor.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "base/limits.h"

namespace yallchat {

Cursor::Cursor(Start start)
    : next_(start.from), moving_(start.from.has_value()), gap_is_expected_(start.oldest_kept) {
  if (next_) next_ = std::max(*next_, Seqnr(1));
}

void Cursor::joined(bool yallchat, std::optional<Seqnr> head) {
  yallchat_ = yallchat;
  moving_ = moving_ || last_.has_value();
  if (!yallchat || !head) return;
  if (highest_ && *head < *highest_ && next_ > head->next()) lowered_from_ = next_;
  if (!next_ || lowered_from_) next_ = head->next();
  highest_ = std::max(highest_.value_or(*head), *head);
}

Cursor::Position Cursor::position() const {
  using enum Position::Form;
  if (!next_ || (!yallchat_ && !moving_)) return {};
  return {yallchat_ || !path_works_ ? header : path, *next_};
}

// Whether it was here before; if not, it is remembered from now on.
bool Cursor::remembers(const Event& event) {
  const std::string all =
      std::to_string(event.seqnr->value) + '\n' + event.source + '\n' + event.body;
  const std::uint64_t print = std::hash<std::string>{}(all);
  if (!remembered_.insert(print).second) return true;
  order_.push_back(print);
  if (order_.size() > limits::client_remembered_events) {
    remembered_.erase(order_.front());
    order_.pop_front();
  }
  return false;
}

std::optional<Cursor::Gap> Cursor::gap_before(const Event& event, const Position& asked,
                                              std::optional<Seqnr> first_kept) {
  if (asked.form == Position::Form::plain) return std::nullopt;
  Seqnr first = asked.seqnr;
  if (first_kept) first = *first_kept;
  // Where every message counts, a later one than asked for is a gap whether the server says so or
  // not.
  if (yallchat_) first = std::max(first, *event.seqnr);
  const bool expected = gap_is_expected_;
  gap_is_expected_ = false;
  if (first <= asked.seqnr || expected) return std::nullopt;
  return Gap{asked.seqnr, first};
}

Cursor::Taken Cursor::take(const Event& event, const Position& asked,
                           std::optional<Seqnr> first_kept) {
  Taken taken;
  if (!event.seqnr) {
    // Without a number there is no next place to tell: the server's own must do.
    next_.reset();
    taken.fresh = taken.progress = true;
    return taken;
  }
  taken.progress = last_ != event.seqnr;
  last_ = event.seqnr;
  if (!taken.progress) moving_ = false;  // telling it the place does not move it on
  const bool behind = yallchat_ && next_ && *event.seqnr < *next_;
  if (behind) return taken;
  taken.fresh = !remembers(event);
  if (taken.fresh) taken.gap = gap_before(event, asked, first_kept);
  if (taken.fresh || yallchat_) next_ = event.seqnr->next();
  taken.anew = taken.fresh && lowered_from_ && *event.seqnr < *lowered_from_;
  highest_ = taken.anew ? *event.seqnr : std::max(highest_.value_or(*event.seqnr), *event.seqnr);
  if (taken.anew || (lowered_from_ && *event.seqnr >= *lowered_from_)) lowered_from_.reset();
  return taken;
}

std::optional<Cursor::Gap> Cursor::skip(Seqnr first) {
  if (!next_ || first <= *next_) return std::nullopt;
  return Gap{std::exchange(*next_, first), first};
}

}  // namespace yallchat
