// How a client comes and goes.
#include <algorithm>

#include "protocol/json.h"
#include "simulation/client.h"

namespace yallchat::simulation {

// A position as some clients give it, mostly none.
Position Client::any_position(std::uint64_t percent) {
  Position position;
  const auto any = [&] { return Seqnr(w_.chance.mostly_small(60)); };
  if (w_.chance.percent(percent)) position.every_time = any();
  if (w_.chance.percent(percent)) position.once = Seqnr(w_.chance.below(8));
  return position;
}

void Client::join() {
  if (!join_key_ && w_.chance.percent(75)) {
    std::string key(12, 0);
    for (char& c : key) c = static_cast<char>('a' + w_.chance.below(26));
    join_key_ = key;
    attempts_.clear();
  }
  const bool keyed = join_key_.has_value();
  const Position position = any_position(15);
  w_.trace.note("client ", number_, " joins ", channel_.text, " as ", user_.text,
                keyed ? " with a key" : "");
  writing_ = true;
  // A refusal may come at once, before the key of the attempt is known here; it made no session.
  const auto key = std::make_shared<KeyHash>();
  *key = w_.server->join({channel_, user_, join_key_, position},
                         [this, key, position, keyed](const JoinAnswer& answer) {
                           joined(answer, *key, position, keyed);
                         });
  attempts_.push_back(*key);
}

void Client::joined(const JoinAnswer& answer, const KeyHash& key, const Position& position,
                    bool keyed) {
  if (const auto* refused = std::get_if<outcome::Refused>(&answer.outcome)) {
    refused_join(refused->why);
    return w_.network.send([](bool) {},
                           [this, why = refused->why](bool came) {
                             writing_ = false;
                             if (!came) return;
                             w_.trace.note("client ", number_,
                                           " may not join: ", static_cast<int>(why));
                             if (why != Refusal::unavailable) join_key_.reset();
                             stay_away();
                           });
  }
  const SessionId id = std::get<outcome::Joined>(answer.outcome).session;
  const Model::Member* member = w_.checker.model.member(id);
  if (!member || member->key != key || member->user != user_)
    violated("client ", number_, " joined as session ", id.value, ", which is not its own");
  const Model::Room& room = room_of(id);
  if (answer.head != room.head() || *answer.directory.json != directory_json(room.directory()))
    violated("client ", number_, " joined ", room.key, " and is told head ", answer.head.value,
             " and directory ", *answer.directory.json);
  Own own{id, key, Reading(w_.clock, answer.head.next(), answer.directory.version, position)};
  w_.network.send([](bool) {},
                  [this, own = std::move(own), keyed](bool came) {
                    writing_ = false;
                    w_.trace.note("client ", number_, came ? " has" : " did not hear of",
                                  " session ", own.id.value);
                    if (came) {
                      session_ = own;
                      join_key_.reset();
                      attempts_.clear();
                    } else if (!keyed) {
                      stay_away();
                    }
                  });
}

// Each refusal needs a reason.
void Client::refused_join(Refusal why) {
  Trace& trace = w_.trace;
  const Model& model = w_.checker.model;
  const Model::Room* room = model.room(channel_.key);
  const Settings& settings = w_.server->machine().settings();
  const auto holder = room ? model.holder(*room, user_) : std::nullopt;
  const auto unfounded = [&](std::string_view reason) {
    violated("client ", number_, " may not join ", channel_.text, " as ", user_.text, ", as if ",
             reason);
  };
  switch (why) {
    case Refusal::name_taken: {
      if (!holder) unfounded("the name were held");
      trace.reached(Reached::name_taken);
      const Model::Member& other = *model.member(*holder);
      const bool own = std::find(attempts_.begin(), attempts_.end(), other.key) != attempts_.end();
      if (own && join_key_ && !other.used)
        violated("client ", number_, " is locked out by its own join, whose answer was lost");
      break;
    }
    case Refusal::channel_limit:
      if (room || settings.max_channels == 0 || model.rooms().size() < settings.max_channels)
        unfounded("there were too many channels");
      trace.reached(Reached::channel_limit);
      break;
    case Refusal::session_limit:
      if (settings.max_sessions == 0 || model.members() < settings.max_sessions)
        unfounded("there were too many sessions");
      trace.reached(Reached::session_limit);
      break;
    case Refusal::unavailable: w_.unavailable(false); break;
    default: unfounded("of something else");
  }
}

void Client::join_again() {
  const Session* session = let_in();
  if (!session) return;
  // While a poll is under way nobody can say which of the two moves the cursor last.
  const Position position = polls_ == 0 ? any_position(30) : Position{};
  w_.trace.note("client ", number_, " joins again", words(position));
  session_->reading.ask(position, room_of(session_->id));
  const JoinAnswer answer = w_.server->join_again(*session, position);
  session_->reading.move(position);
  session_->reading.saw_directory(answer.directory.version);
  if (*answer.directory.json != directory_json(room_of(session_->id).directory()))
    violated("client ", number_, " joined again and is told ", *answer.directory.json);
}

void Client::leave() {
  const Session* session = let_in();
  if (!session) return;
  w_.trace.note("client ", number_, " leaves");
  writing_ = true;
  w_.server->leave(*session, [this, id = session->id](const Outcome& outcome) {
    const auto* refused = std::get_if<outcome::Refused>(&outcome);
    if (!refused || refused->why == Refusal::no_session) check_over(id);
    const bool over = !refused || refused->why == Refusal::no_session;
    w_.network.send([](bool) {},
                    [this, over](bool came) {
                      writing_ = false;
                      if (came && over) {
                        session_.reset();
                        stay_away();
                      }
                    });
  });
}

// An operator kicks whoever has this client's name in its channel: itself, another, or nobody.
void Client::have_kicked() {
  w_.trace.note("client ", number_, " has ", user_.text, " kicked from ", channel_.text);
  writing_ = true;
  w_.server->kick(channel_, user_, [this](const Outcome& outcome) {
    const auto* refused = std::get_if<outcome::Refused>(&outcome);
    const Model::Room* room = w_.checker.model.room(channel_.key);
    if (refused && refused->why == Refusal::unavailable)
      w_.unavailable(false);
    else if (refused && refused->why != Refusal::no_user)
      violated("a kick is refused for a reason that it cannot have");
    else if (room && room->by_key.contains(user_.key))
      violated(user_.text, " is still in ", channel_.text, " after a kick that was answered");
    w_.network.send([](bool) {}, [this](bool) { writing_ = false; });
  });
}

// 401 is for sessions that are over. Then there is none here any more either.
const Session* Client::let_in() {
  const Session* session = w_.server->let_in(session_->key);
  if (session) return session;
  check_over(session_->id);
  w_.trace.note("client ", number_, " has no session any more");
  session_.reset();
  return nullptr;
}

void Client::check_over(SessionId session) const {
  if (w_.checker.model.member(session))
    violated("client ", number_, " is told that its session ", session.value,
             " is over, and nothing ended it");
}

const Model::Room& Client::room_of(SessionId session) const {
  const Model::Member* member = w_.checker.model.member(session);
  const Model::Room* room = member ? w_.checker.model.room(member->channel) : nullptr;
  if (!room || room->key != channel_.key)
    violated("session ", session.value, " is not in ", channel_.text);
  return *room;
}

}  // namespace yallchat::simulation
