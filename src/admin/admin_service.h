// The operators' calls, over the admin socket (docs/yallchatctl.md): how the server is, and kicks.
//
// Who may open the socket may ask all of it; there are no sessions here. Checks come in the order
// of the public calls: path, method, names. Failures look like theirs.
//
// Owner: the server's wiring. The loop's thread only.
#pragma once

#include <string>

#include "base/clock.h"
#include "http/connection_pool.h"
#include "replica/replica.h"
#include "store/store.h"

namespace yallchat {

class AdminService {
 public:
  struct Options {
    std::string data;  // the directory, as it is told
    Replica& replica;
    const Store& store;
    const ConnectionPool& clients;  // not those of the admin socket
    const Clock& clock;
  };

  explicit AdminService(Options options);

  void handle(const Request& request, const Responder& respond);

 private:
  Answer status() const;
  void kick(std::string_view channel, std::string_view user, bool as_problem,
            const Responder& respond);

  const Options o_;
  const Monotonic start_;
};

}  // namespace yallchat
