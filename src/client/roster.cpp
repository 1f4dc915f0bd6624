#include "client/roster.h"

#include <algorithm>
#include <iterator>

namespace yallchat {

Roster::Change Roster::update(const std::vector<std::string>& directory) {
  std::set<std::string> now(directory.begin(), directory.end());
  Change change;
  if (known_) {
    std::ranges::set_difference(now, names_, std::back_inserter(change.joined));
    std::ranges::set_difference(names_, now, std::back_inserter(change.left));
    std::erase(change.joined, own_);
    std::erase(change.left, own_);
  }
  known_ = true;
  names_ = std::move(now);
  return change;
}

Roster::Change Roster::joined(const std::string& name) {
  if (!known_ || !names_.insert(name).second || name == own_) return {};
  return {.joined = {name}, .left = {}};
}

Roster::Change Roster::left(const std::string& name) {
  if (!known_ || names_.erase(name) == 0 || name == own_) return {};
  return {.joined = {}, .left = {name}};
}

}  // namespace yallchat
