#include "bridge/brought.h"

#include <utility>

#include "base/limits.h"
#include "bridge/digest.h"
#include "bridge/hops.h"

namespace yallchat {
namespace {

// origin: or empty. Anybody may write one, so it counts only with what was said, and by whom.
std::string mark(const Said& said, std::string_view origin) {
  return short_digest(
      {said.speaker.author, said.speaker.hops.front(), said.text, first_hop(origin)});
}

}  // namespace

Said said_in(const Event& message, std::string_view own) {
  return Said::of(message.source, message.body, message.origin, is_own_name(message.source, own));
}

void Brought::add(const Said& said) {
  if (said.speaker.hops.empty()) return;
  if (!said.origin.empty()) add(mark(said, said.origin));
  add(mark(said, {}));
}

void Brought::add(std::string mark) {
  marks_.insert(mark);
  order_.push_back(std::move(mark));
  if (order_.size() <= limits::bridge_remembered) return;
  take(order_.front());
  order_.pop_front();
}

bool Brought::take(const Said& said) {
  if (said.speaker.hops.empty()) return false;
  if (!said.origin.empty() && take(mark(said, said.origin))) {
    take(mark(said, {}));
    return true;
  }
  return take(mark(said, {}));
}

bool Brought::take(const std::string& mark) {
  const auto found = marks_.find(mark);
  if (found == marks_.end()) return false;
  marks_.erase(found);
  return true;
}

}  // namespace yallchat
