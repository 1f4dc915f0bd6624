// Polls: what a session is given next, one poll at a time; and those that wait for it.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "hub/hub.h"
#include "protocol/json.h"

namespace yallchat {
namespace {

// Long polls are ended at this grain, and at most so much late.
constexpr Monotonic wait_grain = std::chrono::milliseconds(100);

Monotonic end_of_wait(Monotonic until) {
  return until / wait_grain * wait_grain + wait_grain;
}

bool is_nothing(const poll::Answer& answer) {
  if (const auto* batch = std::get_if<poll::Batch>(&answer))
    return !batch->directory && batch->items.empty();
  return std::holds_alternative<poll::Nothing>(answer);
}

}  // namespace

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
    if (still && ask.wait_ms > 0 && is_nothing(next) && still->waiting.empty() && !stopping_ &&
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
  const History::Range range{channel.id, batch.next, to, limits::batch_bytes};
  history_.read(range,
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
                  if (!batch.items.empty()) batch.next = batch.items.back().seqnr.next();
                  answer(std::move(batch));
                });
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
  r->active = replica_.machine().now();  // it waited until now
  if (std::holds_alternative<poll::Nothing>(answer)) {
    r->busy = false;
    to(answer);
    serve_next(id);
    return;
  }
  r->giving = answer;
  to(answer);
}

void Hub::delivered(SessionId id, bool sent, std::optional<Seqnr> next) {
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
      see(*r, *batch, next.value_or(batch->next));
    else if (const auto* directory = std::get_if<Directory>(&given))
      r->seen_directory = std::max(r->seen_directory, directory->version);
    // The touch for the request that led here has gone already, with the cursor as it was.
    if (!r->touch_due) touch_when_due(id, *r);
  }
  serve_next(id);
}

void Hub::see(Reader& reader, const poll::Batch& batch, Seqnr next) {
  reader.cursor = next;
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

// --- Long polls: parked until something happens in their channel, their time is over, or the
// session polls again ---

void Hub::park(SessionId id, const Ask& ask, Answer answer) {
  Reader& r = *find_reader(id);
  r.parked = Waiting{ask, std::move(answer)};
  parked_[replica_.machine().find_session(id)->channel].insert(id);
  parked_until_[end_of_wait(r.parked_until)].insert(id);
}

// Many short waits would else leave more behind than there are sessions.
void Hub::forget_parked(SessionId id, const Reader& reader, ChannelId channel) {
  if (const auto waiting = parked_.find(channel); waiting != parked_.end()) {
    waiting->second.erase(id);
    if (waiting->second.empty()) parked_.erase(waiting);
  }
  if (const auto due = parked_until_.find(end_of_wait(reader.parked_until));
      due != parked_until_.end()) {
    due->second.erase(id);
    if (due->second.empty()) parked_until_.erase(due);
  }
}

void Hub::unpark(SessionId id) {
  Reader* r = find_reader(id);
  const Session* session = replica_.machine().find_session(id);
  if (!r || !session || !r->parked) return;
  forget_parked(id, *r, session->channel);
  const Waiting parked = *std::exchange(r->parked, std::nullopt);
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

}  // namespace yallchat
