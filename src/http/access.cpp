#include "http/access.h"

#include "base/limits.h"
#include "protocol/session_key.h"

namespace yallchat {

std::variant<const Session*, Failure> find_session(const Machine& machine, std::string_view key,
                                                   const ChannelName& channel) {
  const auto hash = hash_of_key(key);
  const Session* session = hash ? machine.find_session(*hash) : nullptr;
  if (!session) return failure_of(Refusal::no_session);
  const Channel* known = machine.find_channel(channel.key);
  if (!known) return no_channel();
  if (session->channel != known->id)
    return Failure{403, "other-channel", "this session is of another channel; join this one"};
  return session;
}

Failure no_channel() {
  return {404, "no-channel", "there is no such channel; the first join makes it"};
}

Failure too_many_streams() {
  return {
      429, "too-many-streams",
      "a session may have " + std::to_string(limits::streams_a_session) + " streams; close one"};
}

Failure failure_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::no_session:
      return {401, "no-session",
              "send the header session with the key that join gave you; join (again) to get one"};
    case Refusal::name_taken:
      return {409, "name-taken", "the name, or one that looks like it, is held in this channel"};
    case Refusal::channel_limit:
      return {403, "channel-refused", "this server makes no more channels; join one that is there"};
    case Refusal::session_limit: return {503, "full", "this server takes no more users now"};
    case Refusal::key_reused:
      return {422, "key-reused", "this Idempotency-Key was used with another body; take a new one"};
    case Refusal::unavailable: return {503, "unavailable", "nothing was done; try again"};
    case Refusal::outcome_unknown:
      return {504, "outcome-unknown",
              "it may or may not be done; with an Idempotency-Key it is safe to try again"};
    case Refusal::no_user: break;  // of a kick, which is no call of clients
  }
  return {500, "internal", ""};
}

}  // namespace yallchat
