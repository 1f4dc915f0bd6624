#include "hub/hub.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "protocol/json.h"

namespace yallchat {
namespace {

// Touches are gathered to this grain, so that the calendar has few entries.
constexpr Monotonic touch_grain = std::chrono::milliseconds(100);
constexpr Monotonic touch_retry = std::chrono::seconds(1);

bool is_nothing(const poll::Answer& answer) {
  if (const auto* batch = std::get_if<poll::Batch>(&answer))
    return !batch->directory && batch->items.empty();
  return std::holds_alternative<poll::Nothing>(answer);
}

// Texts may be six times as long in JSON as they are in memory. One message fits always.
void keep_what_fits(poll::Batch& batch) {
  std::size_t bytes = 256;  // what is around them
  const auto is_too_much = [&](const HistoryItem& item) {
    if (item.message) bytes += event_json_bytes(batch.channel, *item.message);
    return bytes > limits::batch_bytes;
  };
  auto& items = batch.items;
  auto end = std::find_if(items.begin(), items.end(), is_too_much);
  if (end == items.begin() && !items.empty()) ++end;
  items.erase(end, items.end());
}

}  // namespace

Hub::Hub(Replica& replica, Store& store, const Clock& clock, History::PostToLoop post_to_loop)
    : replica_(replica),
      clock_(clock),
      history_(store, std::move(post_to_loop)),
      streams_(replica, history_,
               [this](const Channel& channel) { return directory(channel).json; }) {
  replica_.set_listener(this);
}

// --- Readers ---

// A reader is made when its session is first heard of here, from what the log knows.
Hub::Reader& Hub::reader(const Session& session) {
  const auto [it, made] = readers_.try_emplace(session.id);
  if (made) {
    Reader& reader = it->second;
    reader.cursor = session.cursor;
    reader.seen_directory = session.seen_directory;
    reader.used_positions = session.used_positions;
    reader.active = session.active;
    reader.used = session.used;
  }
  return it->second;
}

Hub::Reader* Hub::find_reader(SessionId session) {
  const auto found = readers_.find(session);
  return found == readers_.end() ? nullptr : &found->second;
}

void Hub::note_request(const Session& session, const Position& position) {
  Reader& r = reader(session);
  move_to(r, position);
  note_activity(session, r);
}

void Hub::move_to(Reader& reader, const Position& position) const {
  if (position.once) {
    auto& used = reader.used_positions;
    if (std::find(used.begin(), used.end(), *position.once) == used.end()) {
      if (used.size() == limits::positions_remembered_a_session) used.erase(used.begin());
      used.push_back(*position.once);
      reader.cursor = std::max(*position.once, Seqnr(1));
    }
  }
  if (position.every_time) reader.cursor = std::max(*position.every_time, Seqnr(1));
}

// --- Activity: told to the log a third of the timeout later at most, so that it never comes too
// late ---

Monotonic Hub::touch_interval() const {
  return Monotonic(std::chrono::seconds(replica_.machine().settings().session_timeout_ticks)) / 3;
}

void Hub::note_activity(const Session& session, Reader& reader) {
  reader.active = replica_.machine().now();
  if (reader.touch_due) return;
  // The first use is told at once: from then on the session may not be replaced by a repeated join.
  if (reader.used)
    touch_when_due(session.id, reader);
  else
    touch_at(clock_.monotonic(), session.id, reader);
  reader.used = true;
}

void Hub::touch_when_due(SessionId id, Reader& reader) {
  touch_at(std::max(clock_.monotonic(), reader.last_touch + touch_interval()), id, reader);
}

// A session whose stream is open, or whose poll waits, lives.
bool Hub::is_in_use(SessionId id, const Reader& reader) const {
  return reader.parked || streams_.count(id) != 0;
}

void Hub::touch(SessionId id, Reader& reader) {
  reader.touch_due = false;
  if (is_in_use(id, reader)) {
    reader.active = replica_.machine().now();
    touch_at(clock_.monotonic() + touch_interval(), id, reader);
  }
  reader.last_touch = clock_.monotonic();
  replica_.submit(
      Touch{id, reader.active, reader.cursor, reader.seen_directory, reader.used_positions},
      [this, id](const Outcome& outcome) {
        // Refused for lack of room, it must come again, or who is active could expire.
        Reader* r = find_reader(id);
        if (r && std::holds_alternative<outcome::Refused>(outcome))
          touch_at(clock_.monotonic() + touch_retry, id, *r);
      });
}

// The time that was said last counts.
void Hub::touch_at(Monotonic at, SessionId id, Reader& reader) {
  reader.touch_due = true;
  reader.touch_at = at / touch_grain * touch_grain;
  touches_[reader.touch_at].push_back(id);
}

void Hub::turn() {
  const Monotonic now = clock_.monotonic();
  while (!touches_.empty() && touches_.begin()->first <= now) {
    const auto due = touches_.extract(touches_.begin());
    for (const SessionId id : due.mapped())
      if (Reader* r = find_reader(id); r && r->touch_due && r->touch_at == due.key()) touch(id, *r);
  }
  unpark_due(now);
  history_.evict();
}

void Hub::save_cursors() {
  std::size_t saved = 0;
  for (const SessionId id : replica_.machine().session_ids()) {
    const Session& known = *replica_.machine().find_session(id);
    Reader* r = find_reader(id);
    if (r && (r->cursor != known.cursor || r->seen_directory != known.seen_directory ||
              r->used_positions != known.used_positions)) {
      touch(id, *r);
      // In lots, for the replica takes only so much at a time.
      if (++saved % limits::entry_commands == 0) replica_.turn();
    }
  }
}

// --- Polls ---

void Hub::poll(const Session& session, const Ask& ask, Answer answer) {
  Reader& r = reader(session);
  note_activity(session, r);
  if (r.busy && r.waiting.size() >= limits::polls_waiting_a_session) return answer(poll::TooMany{});
  if (r.busy) {
    r.waiting.push_back({ask, std::move(answer)});
    if (r.parked) unpark(session.id);
  } else {
    serve(session.id, ask, std::move(answer));
  }
}

void Hub::serve(SessionId id, const Ask& ask, Answer answer) {
  const Session* session = replica_.machine().find_session(id);
  CHECK(session, "a reader has a session");
  Reader& r = reader(*session);
  r.busy = true;
  move_to(r, ask.position);
  // A poll that waited has its position from now on only; its touch may have gone before.
  if (!r.touch_due) touch_when_due(id, r);
  if (ask.wait_ms > 0) r.parked_until = clock_.monotonic() + std::chrono::milliseconds(ask.wait_ms);
  look(id, ask, std::move(answer));
}

// Answers with what there is, or waits for it, if that was asked.
void Hub::look(SessionId id, const Ask& ask, Answer answer) {
  const Session& session = *replica_.machine().find_session(id);
  const Reader& r = reader(session);
  auto found = [this, id, ask, answer = std::move(answer)](const poll::Answer& next) {
    const Reader* still = find_reader(id);
    if (still && ask.wait_ms > 0 && is_nothing(next) && still->waiting.empty() &&
        clock_.monotonic() < still->parked_until)
      park(id, ask, answer);
    else
      give(id, next, answer);
  };
  if (ask.batch)
    next_batch(session, r, *ask.batch, std::move(found));
  else
    next_event(session, r, std::move(found));
}

// Directories come before further messages, so that a reader knows who speaks.
void Hub::next_event(const Session& session, const Reader& reader, Answer answer) {
  const Channel& channel = *replica_.machine().find_channel(session.channel);
  if (channel.directory_version > reader.seen_directory) {
    answer(directory(channel));
    return;
  }
  const Seqnr next = std::max(reader.cursor, channel.first);
  if (next > channel.head) {
    answer(poll::Nothing{});
    return;
  }
  std::optional<Seqnr> first_kept;
  if (next != reader.cursor) first_kept = channel.first;
  history_.find(
      channel.id, next,
      [this, id = session.id, next, first_kept, answer = std::move(answer)](MessagePtr message) {
        if (message)
          answer(poll::Event{std::move(message), first_kept});
        else
          not_found(id, next, answer);
      });
}

void Hub::next_batch(const Session& session, const Reader& reader, std::size_t limit,
                     Answer answer) {
  const Channel& channel = *replica_.machine().find_channel(session.channel);
  poll::Batch batch;
  batch.channel = channel.name.text;
  batch.from = reader.cursor;
  batch.next = std::max(reader.cursor, channel.first);
  if (channel.directory_version > reader.seen_directory) batch.directory = directory(channel);
  if (batch.next > channel.head) {
    batch.next = reader.cursor;
    return answer(std::move(batch));
  }
  const Seqnr to(std::min(channel.head.value, batch.next.value + limit - 1));
  history_.read({channel.id, batch.next, to, limits::batch_bytes},
                [this, id = session.id, channel = channel.id, limit, batch = std::move(batch),
                 answer = std::move(answer)](std::vector<HistoryItem> items) mutable {
                  const Channel* still = replica_.machine().find_channel(channel);
                  // What the floor has passed meanwhile is no damage.
                  std::erase_if(items, [&](const HistoryItem& item) {
                    return !item.message && still && item.seqnr < still->first;
                  });
                  const Session* asker = replica_.machine().find_session(id);
                  if (items.empty() && asker)
                    return next_batch(*asker, this->reader(*asker), limit, std::move(answer));
                  batch.items = std::move(items);
                  keep_what_fits(batch);
                  if (!batch.items.empty()) batch.next = batch.items.back().seqnr.next();
                  answer(std::move(batch));
                });
}

// --- Long polls: parked until something happens in their channel, their time is over, or the
// session polls again ---

void Hub::park(SessionId id, const Ask& ask, Answer answer) {
  Reader& r = *find_reader(id);
  r.parked = Waiting{ask, std::move(answer)};
  parked_[replica_.machine().find_session(id)->channel].insert(id);
  parked_until_[r.parked_until / touch_grain * touch_grain + touch_grain].push_back(id);
}

void Hub::unpark(SessionId id) {
  Reader* r = find_reader(id);
  const Session* session = replica_.machine().find_session(id);
  if (!r || !session || !r->parked) return;
  const auto channel = parked_.find(session->channel);
  if (channel != parked_.end() && channel->second.erase(id) != 0 && channel->second.empty())
    parked_.erase(channel);
  const Waiting parked = *std::exchange(r->parked, std::nullopt);
  r->active = replica_.machine().now();
  look(id, parked.ask, parked.answer);
}

void Hub::unpark_all(ChannelId channel) {
  const auto waiting = parked_.extract(channel);
  if (!waiting) return;
  for (const SessionId id : waiting.mapped()) unpark(id);
}

void Hub::unpark_due(Monotonic now) {
  while (!parked_until_.empty() && parked_until_.begin()->first <= now) {
    const auto due = parked_until_.extract(parked_until_.begin());
    for (const SessionId id : due.mapped())
      if (const Reader* r = find_reader(id); r && r->parked && r->parked_until <= now) unpark(id);
  }
}

// Either the floor has passed the message while the store was asked, or its row is damaged.
void Hub::not_found(SessionId id, Seqnr seqnr, const Answer& answer) {
  const Session* session = replica_.machine().find_session(id);
  if (!session) return answer(poll::SessionOver{});
  const Channel& channel = *replica_.machine().find_channel(session->channel);
  if (channel.first > seqnr) return next_event(*session, reader(*session), answer);
  spdlog::error("message {} of channel {} is damaged on disk", seqnr.value, channel.name.text);
  answer(poll::Damaged{seqnr});
}

void Hub::give(SessionId id, const poll::Answer& answer, const Answer& to) {
  Reader* r = find_reader(id);
  if (!r) {  // it ended while the store was asked
    to(poll::SessionOver{});
    return;
  }
  if (std::holds_alternative<poll::Nothing>(answer)) {
    r->busy = false;
    to(answer);
    serve_next(id);
    return;
  }
  r->giving = answer;
  to(answer);
}

void Hub::delivered(SessionId id, bool sent) {
  Reader* r = find_reader(id);
  if (!r) return;
  CHECK(r->busy, "an answer is being given");
  r->busy = false;
  const poll::Answer given = std::exchange(r->giving, poll::Nothing{});
  if (sent) {
    if (const auto* event = std::get_if<poll::Event>(&given))
      r->cursor = event->message->seqnr.next();
    else if (const auto* damaged = std::get_if<poll::Damaged>(&given))
      r->cursor = damaged->seqnr.next();
    else if (const auto* batch = std::get_if<poll::Batch>(&given))
      see(*r, *batch);
    else if (const auto* directory = std::get_if<Directory>(&given))
      r->seen_directory = std::max(r->seen_directory, directory->version);
    // The touch for the request that led here has gone already, with the cursor as it was.
    if (!r->touch_due) touch_when_due(id, *r);
  }
  serve_next(id);
}

void Hub::see(Reader& reader, const poll::Batch& batch) {
  reader.cursor = batch.next;
  if (batch.directory)
    reader.seen_directory = std::max(reader.seen_directory, batch.directory->version);
}

void Hub::serve_next(SessionId id) {
  Reader* r = find_reader(id);
  if (!r || r->busy || r->waiting.empty()) return;
  Waiting next = std::move(r->waiting.front());
  r->waiting.pop_front();
  serve(id, next.ask, std::move(next.answer));
}

void Hub::peek(const Session& session, Answer answer) {
  const Reader& r = reader(session);
  next_event(session, r, std::move(answer));
}

// --- Directories ---

Directory Hub::directory(const Channel& channel) {
  Directory& cached = directories_[channel.id];
  if (!cached.json || cached.version != channel.directory_version) {
    cached.version = channel.directory_version;
    cached.json =
        std::make_shared<const std::string>(directory_json(replica_.machine().directory(channel)));
  }
  return cached;
}

void Hub::saw_directory(const Session& session, std::uint64_t version) {
  Reader& r = reader(session);
  r.seen_directory = std::max(r.seen_directory, version);
}

// --- Streams ---

Streams::StreamPtr Hub::open_stream(const Session& session, std::optional<Seqnr> from,
                                    Framing framing, Streams::Sink& sink) {
  Reader& r = reader(session);
  note_activity(session, r);
  return streams_.open(session, from.value_or(r.cursor), framing, sink);
}

void Hub::close_stream(const Streams::StreamPtr& stream, SessionId id) {
  streams_.close(stream);
  // From here its session is idle.
  if (const Session* session = replica_.machine().find_session(id))
    note_activity(*session, reader(*session));
}

// --- What the log did ---

void Hub::on_effects(Index index, const Effects& effects) {
  for (const Effect& effect : effects) {
    if (const auto* posted = std::get_if<effect::Posted>(&effect))
      history_.add(index, posted->message);
    else if (const auto* departed = std::get_if<effect::Departed>(&effect))
      end(departed->session, departed->channel);
    else if (const auto* forgotten = std::get_if<effect::Forgotten>(&effect))
      directories_.erase(forgotten->channel);
  }
  streams_.on_effects(effects);
  if (parked_.empty()) return;
  for (const Effect& effect : effects) {
    if (const auto* posted = std::get_if<effect::Posted>(&effect))
      unpark_all(posted->message->channel);
    else if (const auto* joined = std::get_if<effect::Joined>(&effect))
      unpark_all(joined->channel);
    else if (const auto* departed = std::get_if<effect::Departed>(&effect))
      unpark_all(departed->channel);
  }
}

void Hub::end(SessionId id, ChannelId channel) {
  const auto node = readers_.extract(id);
  if (!node) return;
  Reader& r = node.mapped();
  if (r.parked) {
    if (const auto parked = parked_.find(channel); parked != parked_.end())
      parked->second.erase(id);
    r.parked->answer(poll::SessionOver{});
  }
  for (const Waiting& waiting : r.waiting) waiting.answer(poll::SessionOver{});
}

}  // namespace yallchat
