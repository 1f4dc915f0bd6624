// Posts, whichever way they come: by PUT or over a WebSocket.
//
// Owner: the service. The loop's thread only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "base/limits.h"
#include "http/connection.h"
#include "http/rate_limit.h"
#include "replica/replica.h"

namespace yallchat {

// What is wrong with a part of a post; none: nothing.
std::optional<Failure> unfit_text(const std::string& text);
// origin: the hops of a bridged message, SERVER/CHANNEL/SEQNR[,...], kept as they are.
std::optional<Failure> unfit_origin(std::string_view origin);
std::optional<Failure> unfit_idempotency_key(std::string_view key);

class Posting {
 public:
  struct Options {
    double posts_a_session_a_second = limits::posts_a_session_a_second;
    double posts_a_session_burst = limits::posts_a_session_burst;
    bool limit_loopback = false;
  };
  // With a text and an origin that were found fit.
  struct NewMessage {
    std::string text;
    std::optional<std::string> key;  // the Idempotency-Key
    std::string origin;
  };
  using Done = std::function<void(const std::variant<Seqnr, Failure>&)>;

  Posting(Options options, Replica& replica, const Clock& clock);

  // done: at once when it is refused for its rate or for lack of room, else when it is decided.
  void post(const Session& session, const Peer& peer, NewMessage message, Done done);

 private:
  Options options_;
  Replica& replica_;
  const Clock& clock_;
  RateLimit<SessionId> rate_;
};

}  // namespace yallchat
