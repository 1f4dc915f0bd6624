// How a client reads.
#include "protocol/json.h"
#include "simulation/client.h"

namespace yallchat::simulation {
namespace {

bool moves_the_cursor(const poll::Answer& answer) {
  return std::holds_alternative<poll::Event>(answer) || std::holds_alternative<Directory>(answer) ||
         std::holds_alternative<poll::Damaged>(answer);
}

}  // namespace

void Client::poll(const Position& position) {
  const Session* session = let_in();
  if (!session) return;
  ++polls_;
  w_.trace.note("client ", number_, " polls", words(position));
  const Reading::Asked asked = session_->reading.ask(position, room_of(session->id));
  w_.server->poll(*session, position, [this, id = session->id, asked](const poll::Answer& answer) {
    poll_answered(id, asked, answer);
  });
}

void Client::check_given(const Reading::Asked& asked, const poll::Answer& answer) {
  try {
    session_->reading.given(asked, answer, room_of(session_->id));
  } catch (Violation& found) {
    found.what = text("client ", number_, ": ", found.what);
    throw;
  }
}

void Client::poll_answered(SessionId session, const Reading::Asked& asked,
                           const poll::Answer& answer) {
  const bool own = session_ && session_->id == session;
  if (std::holds_alternative<poll::TooMany>(answer)) w_.trace.reached(Reached::too_many_polls);
  if (std::holds_alternative<poll::SessionOver>(answer)) {
    w_.trace.reached(Reached::poll_of_ended_session);
    check_over(session);
  }
  if (own && !std::holds_alternative<poll::SessionOver>(answer)) {
    check_given(asked, answer);
    if (session_->reading.went_back(answer)) w_.trace.reached(Reached::cursor_went_back);
  }
  const auto* event = std::get_if<poll::Event>(&answer);
  if (event && event->first_kept) w_.trace.reached(Reached::first_kept_told);
  w_.trace.note(
      "client ", number_, " is given ",
      event ? text("message ", event->message->seqnr.value) : text("answer ", answer.index()));
  const auto written = [this, session, answer](bool sent) {
    if (!moves_the_cursor(answer)) return;
    if (sent && session_ && session_->id == session) session_->reading.sent(answer);
    w_.server->written(session, sent);
  };
  w_.network.send(written, [this](bool) { --polls_; });
}

void Client::peek() {
  const Session* session = let_in();
  if (!session) return;
  const Model::Room& room = room_of(session->id);
  ++polls_;
  w_.server->peek(*session, [this, id = room.id](const poll::Answer& answer) {
    const Model::Room* there = w_.checker.model.room(id);
    const auto* event = std::get_if<poll::Event>(&answer);
    if (event && (!there || *event->message != *there->messages[event->message->seqnr.value - 1]))
      violated("what client ", number_, " is shown as message ", event->message->seqnr.value,
               " is not that");
    w_.network.send([](bool) {}, [this](bool) { --polls_; });
  });
}

void Client::directory() {
  const Session* session = let_in();
  if (!session) return;
  const Directory given = w_.server->directory(*session);
  const Model::Room& room = room_of(session->id);
  if (*given.json != directory_json(room.directory()))
    violated("client ", number_, " asks for the directory of ", room.key, " and gets ",
             *given.json);
  ++polls_;
  w_.network.send(
      [this, id = session->id, version = given.version](bool sent) {
        if (sent && session_ && session_->id == id) session_->reading.saw_directory(version);
        w_.server->directory_written(id, version, sent);
      },
      [this](bool) { --polls_; });
}

}  // namespace yallchat::simulation
