// Brought: what other bridges brought into a chat, to know there what need not be brought again.
//
// Remembers the last limits::bridge_remembered. One thread.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>

#include "client/reply.h"
#include "protocol/said.h"

namespace yallchat {

// own: the name of bridges.
Said said_in(const Event& message, std::string_view own);

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
