// Company: who of one chat is in another as a puppet: everybody who is there, and whoever has left
// with words still to be carried.
//
// Owner: the link between the two; the ends outlive it. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "bridge/bridge_end.h"

namespace yallchat {

class Company {
 public:
  // labels: of all sides. own: the name of bridges.
  Company(BridgeEnd& from, BridgeEnd& to, std::set<std::string> labels, std::string own);

  // Wants puppets for those who are there now.
  void follow();
  // That puppet has one more message to be carried, or one less.
  void adds(const std::string& name) { ++speakers_[name]; }
  void finishes(const std::string& name);

 private:
  std::set<std::string> names() const;
  void let_go(const std::string& name);

  BridgeEnd& from_;
  BridgeEnd& to_;
  std::set<std::string> labels_;
  std::string own_;
  std::map<std::string, std::size_t> speakers_;  // by puppet, messages
  std::set<std::string> wanted_;
  std::set<std::string> left_;  // of them: who is not at the source any more, but has words waiting
  std::uint64_t followed_ = 0;
};

}  // namespace yallchat
