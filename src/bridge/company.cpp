#include "bridge/company.h"

#include <utility>

#include "bridge/hops.h"

namespace yallchat {

Company::Company(BridgeEnd& from, BridgeEnd& to, std::set<std::string> labels, std::string own)
    : from_(from), to_(to), labels_(std::move(labels)), own_(std::move(own)) {}

std::set<std::string> Company::names() const {
  std::set<std::string> names;
  for (const std::string& name : from_.names()) {
    if (is_own_name(name, own_)) continue;
    const Speaker here = Speaker::of(name);
    if (Said{.speaker = here, .text = {}, .origin = {}}.came_by(labels_)) continue;
    const Speaker there = here.by(from_.label());
    if (!to_.has_by_a_shorter_way(there)) names.insert(there.name());
  }
  return names;
}

void Company::follow() {
  const std::uint64_t changes = from_.changes() + to_.changes();
  if (changes == followed_) return;
  followed_ = changes;
  std::set<std::string> wanted = names();
  left_.clear();
  for (const std::string& name : wanted_) {
    if (wanted.contains(name)) continue;
    if (speakers_.contains(name))
      left_.insert(name);
    else
      to_.unwant(name, this);
  }
  for (const std::string& name : wanted) to_.want(name, this);
  wanted_ = std::move(wanted);
  wanted_.insert(left_.begin(), left_.end());
}

void Company::finishes(const std::string& name) {
  const auto speaker = speakers_.find(name);
  if (--speaker->second != 0) return;
  speakers_.erase(speaker);
  if (left_.contains(name)) let_go(name);
}

void Company::let_go(const std::string& name) {
  to_.unwant(name, this);
  wanted_.erase(name);
  left_.erase(name);
}

}  // namespace yallchat
