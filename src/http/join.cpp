// PUT /chats/{channel}/join/{user}
#include "http/service.h"

namespace yallchat {
namespace {

// A number that is none is ignored here: only events insists on it.
std::optional<Seqnr> position_at_join(const Request& request) {
  if (const auto seqnr = parse_seqnr(request.header("seqnr"))) return seqnr;
  return parse_seqnr(query_value(request.query(), "from").value);
}

}  // namespace

void Service::join(Call& call) {
  auto user = parse_user(call.route.user);
  if (!user) return fail(call, {400, "bad-name", user.error().message});
  const auto given_key = idempotency_key(call.request);
  if (const auto* failure = std::get_if<Failure>(&given_key)) return fail(call, *failure);
  const auto& key = std::get<std::optional<std::string>>(given_key);
  const Position position{position_at_join(call.request), call.route.position};
  const bool as_problem = call.request.accepts_problem();

  // Who holds the name and shows its key has joined already: the same join again.
  if (call.request.header_count("session") == 1) {
    const std::string offered(call.request.header("session"));
    const auto hash = hash_of_key(offered);
    const Session* session = hash ? replica_.machine().find_session(*hash) : nullptr;
    const Channel* channel = replica_.machine().find_channel(call.channel.key);
    if (session && channel && session->channel == channel->id && session->user.key == user->key) {
      hub_.note_request(*session, position);
      return answer_joined(call.respond, *session, offered);
    }
  }

  if (!call.peer.loopback || options_.limit_loopback) {
    if (const auto wait = joins_.take(call.peer.address, clock_.monotonic()))
      return fail(call, {429, "too-many-joins", "too many joins from this address; wait", *wait});
  }

  const std::string session_key = new_session_key(random_);
  Join join;
  join.key = *hash_of_key(session_key);
  join.position = position.every_time;
  join.used_position = position.once;
  if (key) join.token = idempotency_token(call.channel.key + '\n' + user->key, *key);
  join.channel = std::move(call.channel);
  join.user = std::move(*user);
  replica_.submit(std::move(join), [this, respond = call.respond, as_problem,
                                    session_key](const Outcome& outcome) {
    if (const auto* joined = std::get_if<outcome::Joined>(&outcome))
      answer_joined(respond, *replica_.machine().find_session(joined->session), session_key);
    else
      respond(failed(failure_of(std::get<outcome::Refused>(outcome).why), as_problem));
  });
}

void Service::answer_joined(const Responder& respond, const Session& session,
                            const std::string& key) {
  const Channel& channel = *replica_.machine().find_channel(session.channel);
  const Directory directory = hub_.directory(channel);
  Answer answer;
  answer.headers.emplace_back("session", key);
  answer.headers.emplace_back("type", "DIR");
  answer.headers.emplace_back("seqnr", std::to_string(channel.head.value));
  answer.shared_body = directory.json;
  hub_.saw_directory(session, directory.version);
  respond(answer);
}

}  // namespace yallchat
