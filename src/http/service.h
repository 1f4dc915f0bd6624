// The WeChat calls: checks a request, asks the replica or the hub, and words the answer.
//
// Checks come in this order, so that an answer tells no more than the one who asks may know: path,
// method, names and numbers, key, channel, key of another channel, source, media and body.
//
// Owner: the server's wiring. The loop's thread only.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"
#include "http/access.h"
#include "http/channel_list.h"
#include "http/connection.h"
#include "http/posting.h"
#include "http/rate_limit.h"
#include "http/route.h"
#include "http/tagged.h"
#include "hub/hub.h"
#include "replica/replica.h"

namespace yallchat {

struct EventFormat;
class Search;

class Service {
 public:
  struct Options {
    double joins_an_address_a_second = limits::joins_an_address_a_second;
    Posting::Options posting = {};
    bool limit_loopback = false;
    std::size_t max_message = limits::max_message;
    std::vector<std::string> cors_origins = {};  // of pages that may use it
    bool public_list = true;                     // whether strangers are told of the channels
  };

  // What it asks of. post_to_loop: brings back what the search's thread found.
  struct Parts {
    Replica& replica;
    Hub& hub;
    Search& search;
    const Clock& clock;
    Random& random;
    History::PostToLoop post_to_loop;
  };

  Service(Options options, Parts parts);

  void handle(Request& request, const Peer& peer, Responder respond);

 private:
  // A request on its way through the checks.
  struct Call {
    Request& request;
    const Peer& peer;
    Responder respond;
    Route route;
    ChannelName channel;
  };

  // One file each.
  void root(Call& call);
  void join(Call& call);
  void leave(Call& call);
  void events(Call& call);
  void stream(Call& call, std::optional<Seqnr> from, const EventFormat& format);
  void web_socket(Call& call, const Position& position);
  void directory(Call& call);
  void messages(Call& call);
  void history(Call& call);
  // upto: as of SearchQuery.
  void search(Call& call, const Session& session, Seqnr upto, std::uint64_t limit);
  void chats(Call& call);
  void chat(Call& call);
  void openapi(Call& call);

  // The session that the request's key opens in its channel, or null: then the failure was
  // answered.
  const Session* authenticate(Call& call);
  void fail(const Call& call, const Failure& failure);
  // Whether channels are shown to strangers; if not, that was answered.
  bool may_list(const Call& call);
  void answer_joined(const Responder& respond, const Session& session, const std::string& key);

  Options options_;
  Replica& replica_;
  Hub& hub_;
  Search& search_;
  const Clock& clock_;
  Random& random_;
  History::PostToLoop post_to_loop_;
  RateLimit<std::string> joins_;
  Posting posting_;
  ChannelList list_;
  Tagged openapi_;
};

// The Idempotency-Key, or none; or why it is none.
std::variant<std::optional<std::string>, Failure> idempotency_key(const Request& request);

}  // namespace yallchat
