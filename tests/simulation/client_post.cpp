// How a client says something, and how often.
#include "simulation/client.h"

namespace yallchat::simulation {

void Client::post() {
  const bool keyed = w_.chance.percent(70);
  const std::size_t bytes = w_.scenario.kind == Scenario::Kind::heavy
                                ? w_.scenario.body_bytes - w_.chance.below(1'000)
                                : w_.chance.mostly_small(w_.scenario.body_bytes);
  if (bytes > w_.bytes_left) return;
  open_ = OpenPost{w_.checker.posts.add(bytes, keyed), std::nullopt};
  if (keyed) open_->key = text("key ", open_->number);
  send_open();
}

void Client::send_open() {
  const Session* session = let_in();
  if (!session) {
    if (!open_->key) open_.reset();
    return;
  }
  std::string body = w_.checker.posts.body(open_->number);
  w_.bytes_left -= std::min(w_.bytes_left, body.size());
  w_.trace.note("client ", number_, " says ", open_->number, open_->key ? " with a key" : "");
  writing_ = true;
  w_.server->post(*session, {std::move(body), open_->key},
                  [this, post = *open_, id = session->id](const Outcome& outcome) {
                    answered(post, id, outcome);
                    w_.network.send([](bool) {},
                                    [this, outcome](bool came) {
                                      writing_ = false;
                                      came ? received(outcome) : lost_post();
                                    });
                  });
}

// What the server says must be so, whether it is heard or not.
void Client::answered(const OpenPost& post, SessionId session, const Outcome& outcome) {
  if (const auto* posted = std::get_if<outcome::Posted>(&outcome)) {
    const Model::Member* member = w_.checker.model.member(session);
    if (!member) violated("post ", post.number, " of a session that is over was taken");
    w_.checker.posts.acknowledged(post.number, member->channel, posted->seqnr);
    if (posted->repeated) w_.trace.reached(Reached::post_repeated);
    return;
  }
  const Refusal why = std::get<outcome::Refused>(outcome).why;
  if (why == Refusal::no_session)
    check_over(session);
  else if (why == Refusal::unavailable)
    w_.unavailable(true);
  else
    violated("post ", post.number, " is refused for reason ", static_cast<int>(why));
  w_.checker.posts.refused(post.number);
}

void Client::received(const Outcome& outcome) {
  if (const auto* posted = std::get_if<outcome::Posted>(&outcome)) {
    w_.trace.note("client ", number_, " said ", open_->number, " as message ", posted->seqnr.value);
    last_seqnr_ = posted->seqnr;
    last_ = std::exchange(open_, std::nullopt);
    return;
  }
  w_.trace.note("client ", number_, " could not say ", open_->number);
  if (std::get<outcome::Refused>(outcome).why == Refusal::no_session) session_.reset();
  if (!open_->key) open_.reset();
}

void Client::lost_post() {
  w_.trace.note("client ", number_, " does not know of ", open_->number);
  if (!open_->key) open_.reset();
}

// The same once more, though the answer had come.
void Client::repeat_acknowledged() {
  if (!last_ || !last_->key) return;
  const Session* session = let_in();
  if (!session) return;
  ask_twice(*last_, session->id, [post = *last_, seqnr = last_seqnr_](const Outcome& outcome) {
    const auto* posted = std::get_if<outcome::Posted>(&outcome);
    if (posted && (posted->seqnr != seqnr || !posted->repeated))
      violated("post ", post.number, " was message ", seqnr.value, ", and again is message ",
               posted->seqnr.value);
  });
}

// A used key for another text.
void Client::misuse_key() {
  if (!last_ || !last_->key) return;
  const Session* session = let_in();
  if (!session) return;
  const OpenPost other{w_.checker.posts.add_misuse(20), last_->key};
  ask_twice(other, session->id, [this, other](const Outcome& outcome) {
    if (std::holds_alternative<outcome::Posted>(outcome))
      violated("post ", other.number, " was taken under a key that was used for another text");
    else if (std::get<outcome::Refused>(outcome).why == Refusal::key_reused)
      w_.trace.reached(Reached::key_misused);
  });
}

void Client::ask_twice(const OpenPost& post, SessionId session,
                       const std::function<void(const Outcome&)>& check) {
  std::string body = w_.checker.posts.body(post.number);
  if (body.size() > w_.bytes_left) return;
  w_.bytes_left -= body.size();
  w_.trace.note("client ", number_, " uses the key of ", last_->number, " again");
  writing_ = true;
  w_.server->post(*w_.server->machine().find_session(session), {std::move(body), post.key},
                  [this, session, check](const Outcome& outcome) {
                    check(outcome);
                    const auto* refused = std::get_if<outcome::Refused>(&outcome);
                    if (refused && refused->why == Refusal::no_session) check_over(session);
                    w_.network.send([](bool) {}, [this](bool) { writing_ = false; });
                  });
}

}  // namespace yallchat::simulation
