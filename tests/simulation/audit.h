// Reads whole channels through the hub, as a client would that asks for every number, and compares
// them with the model.
//
// It joins each channel as a user of its own (each audit as another, for a crash may leave one
// behind), and leaves again. Where it is not let in (a full disk, a limit), that channel is passed
// over. One thread.
#pragma once

#include "simulation/client.h"

namespace yallchat::simulation {

class Audit {
 public:
  Audit(Node& node, FrontEnd& server, Client::World& world, Loop& loop)
      : node_(node), server_(server), w_(world), loop_(loop) {}

  // At most so many messages of each channel, from somewhere on. Answers how many channels were
  // read.
  std::size_t read_all(std::size_t most);

 private:
  void join(const Model::Room& room);
  void read(SessionId session, const Model::Room& room, std::size_t most);
  poll::Answer poll(const Session& session, Seqnr from);

  Node& node_;
  FrontEnd& server_;
  Client::World& w_;
  Loop& loop_;
  std::vector<std::pair<SessionId, ChannelId>> sessions_;
};

}  // namespace yallchat::simulation
