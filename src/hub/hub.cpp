#include "hub/hub.h"

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

}  // namespace

Hub::Hub(Replica& replica, Store& store, const Clock& clock, History::PostToLoop post_to_loop)
    : replica_(replica),
      clock_(clock),
      history_(store, std::move(post_to_loop)),
      streams_(replica, history_, [this](const Channel& channel) { return directory(channel); }) {
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

// A session whose stream is open, or whose poll waits (for something to come, for the store, for
// its turn), lives.
bool Hub::is_in_use(SessionId id, const Reader& reader) const {
  const bool waits = reader.busy && std::holds_alternative<poll::Nothing>(reader.giving);
  return waits || !reader.waiting.empty() || streams_.count(id) != 0;
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

void Hub::stop() {
  stopping_ = true;
  for (auto& [id, reader] : readers_)
    if (is_in_use(id, reader)) reader.active = replica_.machine().now();
  while (!parked_.empty()) unpark_all(parked_.begin()->first);
  streams_.stop();
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

Streams::StreamPtr Hub::open_stream(const Session& session, Streams::Options options,
                                    Streams::Sink& sink) {
  Reader& r = reader(session);
  note_activity(session, r);
  if (!options.from) options.from = r.cursor;
  return streams_.open(session, std::move(options), sink);
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
    forget_parked(id, r, channel);
    r.parked->answer(poll::SessionOver{});
  }
  for (const Waiting& waiting : r.waiting) waiting.answer(poll::SessionOver{});
}

}  // namespace yallchat
