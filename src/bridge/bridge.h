// Bridge: several servers, and the channels of theirs that are one.
//
// Each channel on each server is an end; a link leads from each end to each other one (or, one way,
// from the first server's only). Channels that nobody named are found in the servers' lists.
//
// The owner calls turn() when wake_at() has come and after the transport's callbacks, until it has
// ended. Never throws. One thread. What is around it must outlive it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bridge/bridge_end.h"
#include "bridge/channel_list.h"
#include "bridge/link.h"
#include "bridge/surroundings.h"

namespace yallchat {

struct BridgeOptions {
  struct Server {
    ServerUrl url;
    std::string label;
  };
  std::vector<Server> servers;        // two at least
  std::vector<std::string> channels;  // of servers whose URL names none; empty: those they list
  std::string own = "bridge";
  std::chrono::milliseconds interval{1'000};
  bool one_way = false;
  bool dry = false;
};

class Bridge {
 public:
  struct End {
    enum class How { stopped, no_channels, failed } how;
    std::string words;
  };

  Bridge(BridgeOptions options, BridgeSurroundings around);

  void start();
  // Waits for what is on its way, for a while, and leaves everything. What is not carried yet is
  // carried by the next run.
  void stop();
  bool stopping() const { return leaves_by_.has_value(); }
  void turn();
  Monotonic wake_at() const;
  const std::optional<End>& ended() const { return end_; }

 private:
  bool finds_channels() const;
  void find_channels();
  std::string sides_digest() const;
  Result<std::unique_ptr<ChannelList>> list_of(const Side& side);
  void remember_first(const ChannelList& list);
  bool is_new(const Side& side, const std::string& channel) const;
  void connect(const std::string& channel);
  void leave_when_settled();
  void fail(const std::string& words);

  BridgeOptions options_;
  BridgeSurroundings around_;
  std::optional<End> end_;
  std::optional<Monotonic> leaves_by_;  // once it is to stop
  std::optional<Monotonic> stops_by_;   // once it leaves

  std::vector<std::unique_ptr<Side>> sides_;
  std::vector<std::unique_ptr<ChannelList>> lists_;
  std::set<std::string> remembered_;  // whose first list is in the state
  std::set<std::string> connected_;   // channels, by the keys of their names
  bool full_told_ = false;            // that there are as many as there may be
  std::vector<std::unique_ptr<BridgeEnd>> ends_;
  std::vector<std::unique_ptr<Link>> links_;  // destroyed before the ends
};

}  // namespace yallchat
