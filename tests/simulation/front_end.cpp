#include "simulation/front_end.h"

namespace yallchat::simulation {

KeyHash FrontEnd::join(const JoinRequest& request, std::function<void(const JoinAnswer&)> answer) {
  Join join;
  join.channel = request.channel;
  join.user = request.user;
  if (canary_ == Canary::blind_to_case) {
    join.user.key = join.user.text;
    join.user.skeletons = {join.user.text};
  }
  join.key = *hash_of_key(new_session_key(chance_));
  join.position = request.position.every_time;
  join.used_position = request.position.once;
  if (request.idempotency_key)
    join.token =
        idempotency_token(request.channel.key + '\n' + request.user.key, *request.idempotency_key);
  const KeyHash key = join.key;
  node_.replica().submit(std::move(join),
                         [this, answer = std::move(answer)](const Outcome& outcome) {
                           if (const auto* in = std::get_if<outcome::Joined>(&outcome))
                             answer(joined(*machine().find_session(in->session)));
                           else
                             answer({outcome, {}, {}});
                         });
  return key;
}

JoinAnswer FrontEnd::joined(const Session& session) {
  const Channel& channel = *machine().find_channel(session.channel);
  const Directory directory = node_.hub().directory(channel);
  node_.hub().saw_directory(session, directory.version);
  return {outcome::Joined{session.id}, directory, channel.head};
}

const Session* FrontEnd::let_in(const KeyHash& key) {
  const Session* session = machine().find_session(key);
  if (!session) return nullptr;
  checker_.model.note_request(session->id, clock_.monotonic());
  node_.hub().note_request(*session);
  return session;
}

JoinAnswer FrontEnd::join_again(const Session& session, const Position& position) {
  node_.hub().note_request(session, position);
  return joined(session);
}

void FrontEnd::leave(const Session& session, Replica::Answer answer) {
  node_.replica().submit(Leave{session.id}, std::move(answer));
}

void FrontEnd::kick(const ChannelName& channel, const UserName& user, Replica::Answer answer) {
  node_.replica().submit(Kick{channel.key, user.key}, std::move(answer));
}

void FrontEnd::post(const Session& session, PostRequest request, Replica::Answer answer) {
  Post post;
  post.session = session.id;
  post.body = std::move(request.body);
  post.time_ms = clock_.wall_ms();
  if (request.idempotency_key && canary_ != Canary::unkeyed_retry)
    post.keyed = Post::Keyed{idempotency_token(session.user.key, *request.idempotency_key),
                             body_digest(post.body)};
  if (canary_ == Canary::early_answer) {
    answer(outcome::Posted{machine().find_channel(session.channel)->head.next(), false});
    answer = [](const Outcome&) {};
  }
  node_.replica().submit(std::move(post), std::move(answer));
}

void FrontEnd::poll(const Session& session, Ask ask, Hub::Answer answer) {
  if (canary_ == Canary::stale_directory)
    node_.hub().saw_directory(session, machine().find_channel(session.channel)->directory_version);
  if (canary_ == Canary::long_wait) ask.wait_ms *= 2;
  if (canary_ != Canary::doubled_message && canary_ != Canary::short_batch)
    return node_.hub().poll(session, ask, std::move(answer));
  node_.hub().poll(session, ask, [this, answer = std::move(answer)](const poll::Answer& given) {
    answer(spoilt(given));
  });
}

poll::Answer FrontEnd::spoilt(poll::Answer answer) const {
  auto* event = std::get_if<poll::Event>(&answer);
  if (canary_ == Canary::doubled_message && event && event->message->seqnr.value > 1) {
    Message message = *event->message;
    message.seqnr = Seqnr(message.seqnr.value - 1);
    event->message = std::make_shared<const Message>(std::move(message));
  }
  auto* batch = std::get_if<poll::Batch>(&answer);
  if (canary_ == Canary::short_batch && batch && batch->items.size() > 1)
    batch->items.erase(batch->items.begin());
  return answer;
}

Streams::StreamPtr FrontEnd::open_stream(const Session& session, Streams::Options options,
                                         Streams::Sink& sink) {
  return node_.hub().open_stream(session, std::move(options), sink);
}

void FrontEnd::close_stream(const Streams::StreamPtr& stream, SessionId session) {
  node_.hub().close_stream(stream, session);
}

void FrontEnd::peek(const Session& session, Hub::Answer answer) {
  node_.hub().peek(session, std::move(answer));
}

void FrontEnd::written(SessionId session, bool sent) {
  node_.hub().delivered(session, sent || canary_ == Canary::early_cursor);
}

Directory FrontEnd::directory(const Session& session) {
  return node_.hub().directory(*machine().find_channel(session.channel));
}

void FrontEnd::directory_written(SessionId session, std::uint64_t version, bool sent) {
  if (const Session* still = machine().find_session(session); still && sent)
    node_.hub().saw_directory(*still, version);
}

}  // namespace yallchat::simulation
