// Roster: who is in the channel, and what changed: between two directories, or as it is told of
// each. One thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace yallchat {

class Roster {
 public:
  struct Change {
    std::vector<std::string> joined;  // sorted
    std::vector<std::string> left;    // sorted
    bool empty() const { return joined.empty() && left.empty(); }
  };

  // own: the user's own name, whose comings and goings are no news to the user.
  explicit Roster(std::string own) : own_(std::move(own)) {}

  // The first directory changes nothing: it is where the comparing starts.
  Change update(const std::vector<std::string>& directory);
  // One who came or went; no change where the directory had told it already.
  Change joined(const std::string& name);
  Change left(const std::string& name);
  bool known() const { return known_; }
  // Sorted.
  std::vector<std::string> names() const { return {names_.begin(), names_.end()}; }

 private:
  std::string own_;
  bool known_ = false;
  std::set<std::string> names_;
};

}  // namespace yallchat
