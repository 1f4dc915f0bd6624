#include "simulation/audit.h"

#include "simulation/names.h"

namespace yallchat::simulation {

std::size_t Audit::read_all(std::size_t most) {
  ++w_.audits;
  for (const auto& [id, room] : w_.checker.model.rooms()) join(room);
  node_.turn_until_settled();
  w_.trace.note("an audit of ", sessions_.size(), " channels");
  for (const auto& [session, channel] : sessions_)
    read(session, *w_.checker.model.room(channel), most);
  for (const auto& [session, channel] : sessions_)
    node_.replica().submit(Leave{session}, [](const Outcome&) {});
  node_.turn_until_settled();
  return sessions_.size();
}

void Audit::join(const Model::Room& room) {
  server_.join({{room.key, room.key}, auditor_name(w_.audits), std::nullopt, {}},
               [this](const JoinAnswer& answer) {
                 // Of that name there may be another channel by now: the last member was leaving.
                 if (const auto* in = std::get_if<outcome::Joined>(&answer.outcome))
                   sessions_.emplace_back(in->session,
                                          server_.machine().find_session(in->session)->channel);
                 else
                   w_.trace.note("the auditor is refused for reason ",
                                 static_cast<int>(std::get<outcome::Refused>(answer.outcome).why));
               });
}

void Audit::read(SessionId id, const Model::Room& room, std::size_t most) {
  const Session* session = server_.machine().find_session(id);
  if (!session) violated("the auditor of ", room.key, " is gone while it reads");
  const std::size_t kept = room.head().value + 1 - room.first.value;
  Seqnr next = room.first;
  if (kept > most) next = Seqnr(next.value + w_.chance.below(kept - most));
  for (std::size_t n = 0; n < most && next <= room.head(); ++n, next = next.next()) {
    const poll::Answer answer = poll(*session, next);
    const auto* event = std::get_if<poll::Event>(&answer);
    if (!event || *event->message != *room.messages[next.value - 1])
      violated("message ", next.value, " of channel ", room.key, " cannot be read (answer ",
               answer.index(), ")");
    server_.written(id, true);
  }
}

poll::Answer Audit::poll(const Session& session, Seqnr from) {
  w_.checker.model.note_request(session.id, w_.clock.now);
  // Others came meanwhile; that is known by now.
  server_.directory_written(session.id, w_.checker.model.room(session.channel)->version(), true);
  std::optional<poll::Answer> answer;
  server_.poll(session, {.position = {from, std::nullopt}},
               [&](const poll::Answer& given) { answer = given; });
  while (!answer) {
    if (loop_.empty()) violated("a read of the store is never answered");
    w_.clock.now += std::chrono::milliseconds(10);
    loop_.run_ready();
  }
  return *answer;
}

}  // namespace yallchat::simulation
