// How a client has events pushed to it.
#include <algorithm>

#include "simulation/client.h"

namespace yallchat::simulation {

void Client::stream() {
  if (w_.streams < w_.scenario.streams && (streams_.empty() || w_.chance.one_in(3)))
    return open_stream();
  if (!streams_.empty() && w_.chance.one_in(4)) w_.chance.pick(streams_)->break_off();
}

// Where it was, at its cursor, at the oldest kept, or anywhere, also where nothing is yet.
void Client::open_stream() {
  const Session* session = let_in();
  if (!session) return;
  const Model::Room& room = room_of(session->id);
  std::optional<Seqnr> from;
  // While a poll is under way nobody knows the cursor.
  std::optional<Seqnr> expected = polls_ == 0 ? session_->reading.cursor() : std::nullopt;
  const bool resumes = resume_ && w_.chance.percent(60);
  if (resumes)
    from = resume_;
  else if (!expected || w_.chance.one_in(3))
    from = w_.chance.one_in(2) ? room.first : Seqnr(w_.chance.below(room.head().value + 5));
  if (from) expected = from;
  if (resumes && std::exchange(crashed_, false))
    w_.trace.reached(Reached::stream_resumed_after_crash);
  w_.trace.note("client ", number_, " opens a stream at ", expected->value,
                from ? "" : ", its cursor");
  ++w_.streams;
  streams_.push_back(std::make_unique<StreamConnection>(
      StreamConnection::Parts{w_.chance, w_.checker.model, w_.trace, w_.clock, w_.scenario,
                              *w_.server},
      *session, from, *expected));
}

bool Client::streams_open() const {
  return std::any_of(streams_.begin(), streams_.end(),
                     [](const auto& stream) { return stream->is_open(); });
}

void Client::server_stops() {
  for (const auto& stream : streams_) stream->server_stops();
}

// The process that had them is gone.
void Client::streams_lost() {
  for (const auto& stream : streams_) resume_ = stream->seen();
  w_.streams -= streams_.size();
  streams_.clear();
}

}  // namespace yallchat::simulation
