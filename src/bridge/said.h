// Said: a message as a bridge understands it: who spoke, by which servers it came, what was said.
// Pure functions; any thread.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>

#include "bridge/hops.h"
#include "client/reply.h"

namespace yallchat {

struct Said {
  Speaker speaker;
  std::string text;    // without the name that a bridge put before it
  std::string origin;  // as far as name or prefix bear it out; else empty

  // own: the name of bridges. A prefix counts only where one speaks, or the message has an origin:
  // people quote each other, too.
  static Said of(const Event& message, std::string_view own);
  // Whether it has been at one of these.
  bool came_by(const std::set<std::string>& labels) const;
};

// What other bridges brought into a chat, to know there what need not be brought again. Remembers
// the last limits::bridge_remembered. One thread.
class Brought {
 public:
  void add(const Said& said);
  // Whether that message has come already. Each one that has come answers for one.
  bool take(const Said& said);

 private:
  bool take(const std::string& mark);
  void add(std::string mark);

  std::deque<std::string> order_;
  std::unordered_multiset<std::string> marks_;
};

}  // namespace yallchat
