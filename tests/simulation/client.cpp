#include "simulation/client.h"

#include "base/limits.h"

namespace yallchat::simulation {

std::string words(const Position& position) {
  std::string all;
  if (position.every_time) all += text(" from ", position.every_time->value);
  if (position.once) all += text(" once from ", position.once->value);
  return all;
}

// --- What it does next ---

void Client::act() {
  if (writing_ || w_.clock.now < away_until_) return;
  if (w_.chance.percent(1)) return have_kicked();
  if (!session_) return join();
  if (open_ && w_.chance.percent(70)) return send_open();
  if (w_.chance.percent(w_.scenario.leave_percent)) return leave();
  if (!open_ && w_.chance.percent(w_.scenario.post_percent)) return post();
  if (w_.chance.percent(w_.scenario.stream_percent)) return stream();
  switch (w_.chance.below(20)) {
    case 0: return stay_away();
    case 1: return peek();
    case 2: return directory();
    case 3: return join_again();
    case 4: return open_ ? poll(Position{}) : misuse_key();
    case 5:
    case 6: return repeat_acknowledged();
    case 7:
      // Several at once, sometimes more than may wait.
      for (std::uint64_t n = w_.chance.mostly_small(20); n > 0 && session_; --n) poll(any_ask());
      return;
    case 8:
    case 9:
    case 10: return poll(any_position(50));
    case 11:
    case 12:
    case 13: return poll(any_ask());
    default: return poll(Position{});
  }
}

void Client::finish() {
  if (busy()) return;
  if (session_ && open_) return send_open();
  for (const auto& stream : streams_)
    if (stream->is_open() && !stream->has_all()) return;
  if (session_) return leave();
  if (open_ || join_key_) join();
}

// For some steps as a rule, sometimes for so long that the session ends.
void Client::stay_away() {
  const std::uint64_t timeout_ms = w_.settings.session_timeout_ticks * 1'000;
  const std::uint64_t ms = w_.chance.one_in(6)
                               ? w_.chance.below(2 * timeout_ms + 1)
                               : w_.chance.mostly_small(w_.scenario.slowest_step_ms * 10);
  away_until_ = w_.clock.now + std::chrono::milliseconds(ms);
}

// --- A turn ---

// What a stream or a waiting poll keeps alive was never idle.
void Client::receive() {
  for (const auto& stream : streams_) stream->receive();
  const auto done = [&](const std::unique_ptr<StreamConnection>& stream) {
    if (!stream->is_done()) return false;
    resume_ = stream->seen();
    --w_.streams;
    return true;
  };
  std::erase_if(streams_, done);
  Model& model = w_.checker.model;
  for (const auto& stream : streams_)
    if (stream->is_open() && model.member(stream->session()))
      model.note_request(stream->session(), w_.clock.now);
  if (const Poll* poll = only_poll();
      poll && poll->wait_ms > 0 &&
      session_->reading.next(room_of(session_->id)) == Reading::Next::nothing)
    model.note_request(session_->id, w_.clock.now);
}

void Client::check() {
  for (const auto& stream : streams_) stream->check();
  check_long_poll();
}

void Client::heal() {
  for (const auto& stream : streams_) stream->heal();
}

// --- What befalls it ---

void Client::World::unavailable(bool post) const {
  const std::size_t unstored = server->unstored_bytes();
  const bool behind = unstored >= (post ? limits::unstored_bytes_refuse : limits::unstored_bytes);
  const bool heavy = scenario.kind == Scenario::Kind::heavy;  // may fill what waits for the log
  if (!behind && !disk_full && !heavy)
    violated("a command is refused, as if there were no room; ", unstored,
             " bytes are not stored yet");
  trace.reached(behind ? Reached::refused_store_behind : Reached::refused_full_disk);
}

void Client::connection_lost() {
  if (open_ && writing_) lost_post();
  writing_ = false;
  polls_ = 0;
  unanswered_.clear();
  delivering_ = 0;
  streams_lost();
  crashed_ = true;
  if (session_) session_->reading.crash(w_.told_until);
}

void Client::server_stopped_cleanly() {
  streams_lost();
  if (session_) session_->reading.clean_stop();
}

}  // namespace yallchat::simulation
