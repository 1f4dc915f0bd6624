// Puppet: the session under whose name somebody of another server is in a chat, and speaks.
//
// Owner: the end of the bridge in that chat. It is there while somebody wants it, or has something
// said; then it leaves. One thread.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "bridge/voice.h"

namespace yallchat {

class Puppet final : public Voice {
 public:
  struct Options {
    ChatUrl chat;
    std::string label;  // of the server
    std::string name;
    std::string key;  // of its session in an earlier run, or empty
  };

  Puppet(Options options, BridgeSurroundings& around);

  // By whom: any address that stands for who wants it.
  void want(const void* by) { wanted_by_.insert(by); }
  void unwant(const void* by) { wanted_by_.erase(by); }
  // Where it is to speak though nobody wants it, it stays a while.
  void linger();
  // It leaves, whoever wants it.
  void dismiss();
  // The server does not have it, for now: it may be asked again later.
  bool refused() const { return again_at_.has_value(); }
  // Whether it is time to ask again. Its owner says whether there is room for one more.
  bool wants_to_ask_again() const;
  void ask_again(bool room);
  // It has left, and may be forgotten.
  bool gone() const { return gone_; }
  void turn();
  Monotonic wake_at() const;

 private:
  void join();
  void on_end(const SessionEnd& how);
  void wait_to_ask();
  bool is_needed() const;
  Place place() const { return {.label = options_.label, .channel = options_.chat.channel}; }

  Options options_;
  std::set<const void*> wanted_by_;
  Monotonic stays_until_{};
  std::optional<Monotonic> again_at_;
  bool told_ = false;         // that it is there
  std::string refusal_told_;  // in which words
  bool gone_ = false;
};

}  // namespace yallchat
