#include "simulation/stream_connection.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"

namespace yallchat::simulation {
namespace {

// Two framings, so that a channel has two feeds: a mark, the type, the number, the length.
template <char mark>
void begin_frame(std::string& out, std::string_view type, Seqnr seqnr, std::size_t json_bytes) {
  out.append(text(std::string(1, mark), type, " ", seqnr.value, " ", json_bytes, "\n"));
}
constexpr Framing framing_of(char mark) {
  return {mark == '+' ? begin_frame<'+'> : begin_frame<'*'>, ""};
}

constexpr std::size_t head_bytes = 64;  // of a frame, at most
constexpr std::size_t plenty = 64 * limits::MiB;
std::uint64_t number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size())
    violated("no number in the head of an event: ", digits);
  return value;
}

// The bytes of the first event, with its head; 0: it is not all there.
std::size_t first_event(std::string_view wire, char mark, StreamReading::Event& event) {
  if (!wire.empty() && wire.front() != mark)
    violated("where an event should begin there is another byte");
  const std::size_t line = wire.substr(0, head_bytes).find('\n');
  if (line == wire.npos) {
    if (wire.size() >= head_bytes) violated("an event begins with ", wire.substr(0, head_bytes));
    return 0;
  }
  const std::string_view head = wire.substr(1, line - 1);
  const std::size_t first = head.find(' ');
  const std::size_t second = first == head.npos ? first : head.find(' ', first + 1);
  if (second == head.npos) violated("an event begins with ", head);
  const std::size_t bytes = line + 1 + number(head.substr(second + 1));
  if (wire.size() < bytes) return 0;
  event = {head.substr(0, first), Seqnr(number(head.substr(first + 1, second - first - 1))),
           wire.substr(line + 1, bytes - line - 1)};
  return bytes;
}

}  // namespace

StreamConnection::StreamConnection(const Parts& parts, const Session& session,
                                   std::optional<Seqnr> from, Seqnr expected)
    : parts_(parts),
      session_(session.id),
      channel_(session.channel),
      mark_(parts.chance.one_in(4) ? '*' : '+'),
      reading_(parts.model, session.id, *parts.model.room(session.channel), expected),
      pace_(static_cast<Pace>(parts.chance.below(3))),
      room_(draw_room()),
      seen_(reading_.next()) {
  stream_ = parts_.server.open_stream(session, {from, framing_of(mark_)}, *this);
}

// So that a violation says whose stream it was.
template <class Function>
void StreamConnection::naming_it(const Function& function) const {
  try {
    function();
  } catch (Violation& found) {
    found.what = text("the stream of session ", session_.value, ": ", found.what);
    throw;
  }
}

// --- The client ---

std::size_t StreamConnection::draw_room() {
  Chance& chance = parts_.chance;
  if (pace_ == Pace::quick) return plenty;
  if (pace_ == Pace::slow) return chance.mostly_small(400);
  return chance.one_in(2) ? chance.below(20'000) : plenty;
}

void StreamConnection::receive() {
  Chance& chance = parts_.chance;
  const Monotonic now = parts_.clock.monotonic();
  if (pace_ != Pace::quick && now < stalled_until_) return;
  if (pace_ == Pace::stalling && chance.one_in(6)) {
    room_ = chance.below(300);
    stalled_until_ =
        now + std::chrono::milliseconds(chance.mostly_small(parts_.scenario.slowest_step_ms * 30));
    return;
  }
  const std::size_t seen =
      pace_ == Pace::quick ? arriving_.size() : chance.below(arriving_.size() + 1);
  if (seen != 0) seen_ = arriving_[seen - 1];
  arriving_.erase(arriving_.begin(), arriving_.begin() + static_cast<std::ptrdiff_t>(seen));
  room_ = std::min(room_ + draw_room(), plenty);
  const std::size_t sent = std::min(kept_, room_);
  kept_ -= sent;
  room_ -= sent;
  if (!stream_ || kept_ != 0 || room_ == 0) return;
  // Also when it was not asked for.
  if (std::exchange(blocked_, false) || chance.one_in(20)) parts_.server.streams().room(stream_);
}

void StreamConnection::break_off() {
  kept_ = 0;
  if (stream_) parts_.server.close_stream(std::exchange(stream_, nullptr), session_);
}

// --- The server's sink ---

std::size_t StreamConnection::write(std::string_view bytes) {
  Chance& chance = parts_.chance;
  if (!stream_) violated("a stream is written to that was closed");
  if (pace_ != Pace::quick && chance.one_in(200)) {
    parts_.trace.reached(Reached::stream_broke_in_write);
    break_off();
    return 0;
  }
  std::size_t taken = kept_ != 0 ? 0 : std::min(room_, bytes.size());
  if (pace_ != Pace::quick && chance.one_in(8)) taken = chance.below(taken + 1);
  room_ -= taken;
  std::size_t skipped = 0;
  if (blocked_live_ && taken != 0) {
    parts_.trace.reached(Reached::stream_back_to_history);
    blocked_live_ = false;
    StreamReading::Event event;
    if (has(Canary::skipped_event)) skipped = first_event(bytes.substr(0, taken), mark_, event);
  }
  blocked_ = taken < bytes.size();
  if (blocked_ && current_) {
    blocked_live_ = true;
    parts_.trace.reached(Reached::stream_blocked_live);
  }
  accept(bytes.substr(skipped, taken - skipped));
  return taken;
}

std::size_t StreamConnection::write(SharedEvent event) {
  std::string bytes;
  for (const std::string_view part : event.from(0)) bytes += part;
  const std::size_t taken = write(std::string_view(bytes));
  if (stream_ && taken != 0 && taken != bytes.size()) keep(std::string_view(bytes).substr(taken));
  return taken;
}

void StreamConnection::keep(std::string_view rest) {
  if (!stream_) violated("a stream is written to that was closed");
  const bool in_event = !wire_.empty();
  if (in_event && !rest.empty()) parts_.trace.reached(Reached::stream_blocked_in_event);
  if (has(Canary::dropped_rest) && in_event) return;
  if (has(Canary::lost_end) && !in_event) return;
  kept_ += rest.size();
  accept(rest);
}

void StreamConnection::over() {
  naming_it([&] {
    if (!reading_.over() || !wire_.empty()) violated("it ends without a word");
  });
  stream_ = nullptr;
}

void StreamConnection::accept(std::string_view bytes) {
  wire_ += bytes;
  std::size_t at = 0;
  naming_it([&] {
    StreamReading::Event event;
    while (const std::size_t end = first_event(std::string_view(wire_).substr(at), mark_, event)) {
      given(event);
      at += end;
    }
  });
  wire_.erase(0, at);
}

void StreamConnection::given(const StreamReading::Event& event) {
  Trace& trace = parts_.trace;
  trace.note("session ", session_.value, " streams ", event.type, " ", event.seqnr.value);
  if (event.type == "END") {
    if (blocked_) trace.reached(Reached::stream_ended_blocked);
    if (awaits_) trace.reached(Reached::stream_ended_reading);
    if (parts_.model.member(session_)) trace.reached(Reached::stream_told_of_stop);
  }
  if (event.type == "DIR" && reading_.begun()) trace.reached(Reached::stream_told_anew);
  reading_.given(event);
  arriving_.push_back(reading_.next());
}

// --- What must have come ---

void StreamConnection::check() {
  const bool was_current = std::exchange(current_, false);
  has_all_ = false;
  // It may still be this one's turn.
  if (!stream_ || parts_.server.streams().has_work()) return;
  naming_it([&] {
    if (!parts_.model.member(session_)) violated("its session is over, and it is not");
    const Model::Room& room = *parts_.model.room(channel_);
    if (blocked_ || reading_.next() > room.head()) awaits_.reset();
    if (blocked_) {
      current_ = was_current && blocked_live_;
    } else if (reading_.next() <= room.head()) {
      check_reading();
    } else {
      if (!reading_.begun()) violated("it was not told who is there");
      has_all_ = true;
      current_ = reading_.next() == room.head().next();
      if (current_)
        reading_.check_who_is_there();
      else
        parts_.trace.reached(Reached::stream_ahead);
    }
  });
}

// It has room, and there is more: then the store is being read.
void StreamConnection::check_reading() {
  const Monotonic now = parts_.clock.monotonic();
  if (!awaits_ || awaits_->next != reading_.next())
    awaits_ = Awaits{reading_.next(), {now}};
  else if (awaits_->patience.is_over(now, parts_.scenario))
    violated("it has room, and is not given message ", reading_.next().value);
}

}  // namespace yallchat::simulation
