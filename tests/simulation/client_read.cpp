// How a client reads.
#include "base/limits.h"
#include "protocol/json.h"
#include "simulation/client.h"

namespace yallchat::simulation {
namespace {

bool moves_the_cursor(const poll::Answer& answer) {
  return std::holds_alternative<poll::Event>(answer) || std::holds_alternative<Directory>(answer) ||
         std::holds_alternative<poll::Damaged>(answer) ||
         std::holds_alternative<poll::Batch>(answer);
}

bool is_nothing(const poll::Answer& answer) {
  const auto* batch = std::get_if<poll::Batch>(&answer);
  return batch ? !batch->directory && batch->items.empty()
               : std::holds_alternative<poll::Nothing>(answer);
}

// The grain of the server's calendar, and the turn in which it looks at it.
constexpr std::chrono::milliseconds grain{200};

}  // namespace

void Client::poll(const Position& position) {
  poll(Ask{.position = position});
}

// A plain one, a long one, a batch, or both.
Ask Client::any_ask() {
  Ask ask{.position = any_position(15)};
  if (w_.chance.one_in(2))
    ask.wait_ms = w_.chance.one_in(8) ? limits::wait_ms_ceiling : 1'000 * w_.chance.between(1, 3);
  if (w_.chance.one_in(2)) ask.batch = 1 + w_.chance.mostly_small(limits::batch_messages - 1);
  return ask;
}

void Client::poll(const Ask& ask) {
  const Session* session = let_in();
  if (!session) return;
  ++polls_;
  w_.trace.note("client ", number_, " polls", words(ask.position), " for ", ask.wait_ms, " ms",
                ask.batch ? text(" a batch of ", *ask.batch) : "");
  Reading::Asked asked = session_->reading.ask(ask.position, room_of(session->id));
  asked.batch = ask.batch;
  // Some ask for nothing else meanwhile.
  if (ask.wait_ms > 0 && w_.chance.one_in(2))
    away_until_ = w_.clock.now + std::chrono::milliseconds(ask.wait_ms) + grain;
  const Poll poll{++polls_asked_, session->id, w_.clock.now, ask.wait_ms};
  unanswered_.push_back(poll);
  for_end_ = {w_.clock.now};
  for_news_.reset();
  w_.server->poll(*session, ask, [this, id = session->id, poll, asked](const poll::Answer& answer) {
    poll_answered(id, poll, asked, answer);
  });
}

// --- Long polls ---

// The one that the server has, when nothing else of the session can keep it from being answered.
const Client::Poll* Client::only_poll() const {
  const bool only = session_ && unanswered_.size() == 1 && delivering_ == 0 &&
                    unanswered_.front().session == session_->id &&
                    w_.checker.model.member(session_->id);
  return only ? &unanswered_.front() : nullptr;
}

void Client::check_wait(const Poll& poll, const poll::Answer& answer) {
  if (poll.wait_ms == 0) return;
  if (!is_nothing(answer)) {
    if (w_.clock.now > poll.asked) w_.trace.reached(Reached::long_poll_woken);
    if (std::holds_alternative<poll::Batch>(answer)) w_.trace.reached(Reached::batch_waited);
  } else if (w_.clock.now >= poll.asked + std::chrono::milliseconds(poll.wait_ms)) {
    w_.trace.reached(Reached::long_poll_timed_out);
  } else if (poll.number != polls_asked_) {
    w_.trace.reached(Reached::long_poll_made_room);
  } else if (w_.stopping) {
    w_.trace.reached(Reached::long_poll_told_of_stop);
  } else {
    violated("client ", number_, " asked to wait ", poll.wait_ms, " ms and is given nothing after ",
             (w_.clock.now - poll.asked) / std::chrono::milliseconds(1));
  }
}

// Once a turn.
void Client::check_long_poll() {
  const Poll* poll = only_poll();
  if (!poll) {
    for_end_ = {w_.clock.now};
    for_news_.reset();
    return;
  }
  const auto late = [&](std::string_view though) {
    violated("client ", number_, " has waited ",
             (w_.clock.now - poll->asked) / std::chrono::milliseconds(1), " ms, ", though);
  };
  if (for_end_.is_over(w_.clock.now - grain - std::chrono::milliseconds(poll->wait_ms),
                       w_.scenario))
    late(text("and asked to wait ", poll->wait_ms));
  if (session_->reading.next(room_of(session_->id)) != Reading::Next::something)
    for_news_.reset();
  else if (!for_news_)
    for_news_ = Patience{w_.clock.now};
  else if (for_news_->is_over(w_.clock.now, w_.scenario))
    late("though there is something to be read");
}

// --- Answers ---

void Client::check_given(const Reading::Asked& asked, const poll::Answer& answer) {
  try {
    session_->reading.given(asked, answer, room_of(session_->id));
  } catch (Violation& found) {
    found.what = text("client ", number_, ": ", found.what);
    throw;
  }
}

void Client::poll_answered(SessionId session, const Poll& poll, const Reading::Asked& asked,
                           const poll::Answer& answer) {
  std::erase_if(unanswered_, [&](const Poll& other) { return other.number == poll.number; });
  const bool own = session_ && session_->id == session;
  if (std::holds_alternative<poll::TooMany>(answer)) w_.trace.reached(Reached::too_many_polls);
  if (std::holds_alternative<poll::SessionOver>(answer)) {
    w_.trace.reached(Reached::poll_of_ended_session);
    check_over(session);
  }
  if (own && !std::holds_alternative<poll::SessionOver>(answer)) {
    check_given(asked, answer);
    check_wait(poll, answer);
    if (session_->reading.went_back(answer)) w_.trace.reached(Reached::cursor_went_back);
  }
  const auto* event = std::get_if<poll::Event>(&answer);
  if (event && event->first_kept) w_.trace.reached(Reached::first_kept_told);
  w_.trace.note(
      "client ", number_, " is given ",
      event ? text("message ", event->message->seqnr.value) : text("answer ", answer.index()));
  const auto* batch = std::get_if<poll::Batch>(&answer);
  if (batch && batch->items.size() > 1) w_.trace.reached(Reached::batch_of_several);
  const bool moves = moves_the_cursor(answer);
  if (moves) ++delivering_;
  const auto written = [this, session, answer, moves](bool sent) {
    if (!moves) return;
    --delivering_;
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
