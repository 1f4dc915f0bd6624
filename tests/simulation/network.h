// The way of an answer to its client: some arrive, some late, some are lost.
//
// The server learns only whether an answer was written; the client only whether it came. One
// thread.
#pragma once

#include <deque>
#include <functional>

#include "simulation/scenario.h"

namespace yallchat::simulation {

class Network {
 public:
  using Fate = std::function<void(bool)>;

  Network(Chance& chance, const Scenario& scenario) : chance_(chance), scenario_(scenario) {}

  // written: told to the server, whether the answer went out. arrived: told to the client, whether
  // it came. Both once, at the end of this turn or of a later one; neither when the process dies
  // first.
  void send(Fate written, Fate arrived) {
    std::size_t turns = 0;
    if (chance_.percent(late_percent())) turns = chance_.between(1, 6);
    packets_.push_back({turns, std::move(written), std::move(arrived)});
  }

  // The end of a turn. What is sent meanwhile goes with the next.
  void flush() {
    for (std::size_t n = packets_.size(); n > 0; --n) {
      Packet packet = std::move(packets_.front());
      packets_.pop_front();
      if (packet.turns > 0) {
        --packet.turns;
        packets_.push_back(std::move(packet));
        continue;
      }
      const bool sent = !chance_.percent(healthy_ ? 0 : scenario_.unsent_percent);
      const bool came = sent && !chance_.percent(healthy_ ? 0 : scenario_.lost_percent);
      packet.written(sent);
      packet.arrived(came);
    }
  }

  void clear() { packets_.clear(); }
  bool empty() const { return packets_.empty(); }
  // From now on everything arrives, at once.
  void heal() { healthy_ = true; }

 private:
  struct Packet {
    std::size_t turns;
    Fate written;
    Fate arrived;
  };

  std::uint64_t late_percent() const { return healthy_ ? 0 : scenario_.late_percent; }

  Chance& chance_;
  const Scenario& scenario_;
  bool healthy_ = false;
  std::deque<Packet> packets_;
};

}  // namespace yallchat::simulation
