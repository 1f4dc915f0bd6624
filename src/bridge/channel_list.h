// ChannelList: which channels a server has, asked for again every limits::bridge_list_ms.
//
// Owner: the bridge. A server that does not answer is asked again; what it listed before stays. One
// thread.
#pragma once

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

  ChannelList(ServerUrl server, BridgeSurroundings& around)
      : server_(std::move(server)), around_(around) {}
  ~ChannelList() { around_.transport.cancel(request_); }
  ChannelList(const ChannelList&) = delete;
  ChannelList& operator=(const ChannelList&) = delete;

  State state() const { return state_; }
  // What it has listed since the last call.
  std::vector<std::string> take();
  void turn();
  Monotonic wake_at() const { return request_ == 0 ? ask_at_ : Monotonic::max(); }

 private:
  void on_answer(const HttpOutcome& outcome);

  ServerUrl server_;
  BridgeSurroundings& around_;
  State state_ = State::unknown;
  Transport::RequestId request_ = 0;
  Monotonic ask_at_{};
  std::vector<std::string> listed_;
};

}  // namespace yallchat
