// What src/http does with a request once it is parsed: lets it in, asks replica or hub, and says
// what the answer has to say.
//
// One life's; a power cut or a Violation may come out of any function. One thread.
#pragma once

#include <optional>
#include <string>

#include "simulation/node.h"

namespace yallchat::simulation {

struct JoinRequest {
  ChannelName channel;
  UserName user;
  std::optional<std::string> idempotency_key;
  Position position;
};

struct JoinAnswer {
  Outcome outcome;
  Directory directory;  // this and head: when it joined
  Seqnr head;
};

struct PostRequest {
  std::string body;
  std::optional<std::string> idempotency_key;
};

class FrontEnd {
 public:
  FrontEnd(Node& node, Checker& checker, const Clock& clock, Chance& chance, Canary canary)
      : node_(node), checker_(checker), clock_(clock), chance_(chance), canary_(canary) {}

  // The hash of the key that the client gets if it is let in.
  KeyHash join(const JoinRequest& request, std::function<void(const JoinAnswer&)> answer);

  // An operator's call: it needs no session.
  void kick(const ChannelName& channel, const UserName& user, Replica::Answer answer);

  // The session that the key opens; null is 401.
  const Session* let_in(const KeyHash& key);

  // What follows is asked with a session that was just let in.
  JoinAnswer join_again(const Session& session, const Position& position);
  void leave(const Session& session, Replica::Answer answer);
  void post(const Session& session, PostRequest request, Replica::Answer answer);
  void poll(const Session& session, Ask ask, Hub::Answer answer);
  void peek(const Session& session, Hub::Answer answer);
  // Of a poll's answer that is an event, a directory, a batch or damaged.
  void written(SessionId session, bool sent);
  Directory directory(const Session& session);
  void directory_written(SessionId session, std::uint64_t version, bool sent);

  Streams::StreamPtr open_stream(const Session& session, Streams::Options options,
                                 Streams::Sink& sink);
  void close_stream(const Streams::StreamPtr& stream, SessionId session);
  Streams& streams() { return node_.hub().streams(); }

  Canary canary() const { return canary_; }
  const Machine& machine() const { return node_.machine(); }
  std::size_t unstored_bytes() const { return node_.unstored_bytes(); }

 private:
  JoinAnswer joined(const Session& session);
  poll::Answer spoilt(poll::Answer answer) const;

  Node& node_;
  Checker& checker_;
  const Clock& clock_;
  Chance& chance_;
  const Canary canary_;
};

}  // namespace yallchat::simulation
