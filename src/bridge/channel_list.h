// ChannelList: which channels a server has, asked for again every limits::bridge_list_ms.
//
// Knows which of them are new: all that is said in those is said while there is a bridge. Owner:
// the bridge. A server that does not answer is asked again; what it listed before stays. One
// thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bridge/surroundings.h"
#include "client/url.h"

namespace yallchat {

class ChannelList {
 public:
  enum class State {
    unknown,  // it has not answered yet
    listed,
    none,  // it does not list channels
  };

  // first: of the channels in its first list, if that was in an earlier run, what mark() gives.
  ChannelList(ServerUrl server, std::optional<std::set<std::string>> first,
              BridgeSurroundings& around)
      : server_(std::move(server)), first_(std::move(first)), around_(around) {}
  ~ChannelList() { around_.transport.cancel(request_); }
  ChannelList(const ChannelList&) = delete;
  ChannelList& operator=(const ChannelList&) = delete;

  State state() const { return state_; }
  const ServerUrl& server() const { return server_; }
  const std::optional<std::set<std::string>>& first() const { return first_; }
  // key: a channel's. Whether the server listed its channels before there was this one.
  bool is_new(const std::string& key) const { return first_ && !first_->contains(mark(key)); }
  // What it has listed since the last call.
  std::vector<std::string> take();
  void turn();
  Monotonic wake_at() const { return request_ == 0 ? ask_at_ : Monotonic::max(); }

  // A digest, for keys may be long.
  static std::string mark(const std::string& key);

 private:
  void on_answer(const HttpOutcome& outcome);

  ServerUrl server_;
  std::optional<std::set<std::string>> first_;
  BridgeSurroundings& around_;
  State state_ = State::unknown;
  Transport::RequestId request_ = 0;
  Monotonic ask_at_{};
  std::vector<std::string> listed_;
};

}  // namespace yallchat
