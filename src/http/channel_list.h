// The channels as GET /chats tells of them, sorted by name.
//
// It is made anew when the log has grown since; what seldom changes, the order and the names in
// JSON, is kept. Owner: the service. The loop's thread only.
#pragma once

#include <string>
#include <vector>

#include "http/tagged.h"
#include "machine/machine.h"

namespace yallchat {

class ChannelList {
 public:
  // The list as of the entry at `applied`, the last that the machine has applied.
  const Tagged& at(Index applied, const Machine& machine);

 private:
  struct Row {
    ChannelId id;
    std::string name;  // in JSON
  };

  void sort(const Machine& machine);

  Index applied_;
  Tagged list_;
  std::vector<ChannelId> ids_;  // of which there are rows
  std::vector<Row> rows_;
};

// One channel, as it is in the list: an object.
std::string channel_json(const Channel& channel);

}  // namespace yallchat
