#include "simulation/reading.h"

#include <algorithm>

#include "protocol/json.h"
#include "simulation/trace.h"

namespace yallchat::simulation {
namespace {

bool contains(const std::vector<Seqnr>& list, Seqnr value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

Reading::Reading(const Clock& clock, Seqnr cursor, std::uint64_t seen_directory,
                 const Position& position)
    : clock_(&clock), seen_(seen_directory) {
  to(cursor);
  if (position.once) used_.push_back(*position.once);
  if (position.once) to(std::max(*position.once, Seqnr(1)));
  if (position.every_time) to(std::max(*position.every_time, Seqnr(1)));
}

void Reading::to(Seqnr cursor) {
  at_crash_.reset();
  for (const Seqnr before : cursors_) left_.push_back({before, clock_->monotonic()});
  cursors_.assign(1, cursor);
}

std::string Reading::cursors() const {
  std::string all;
  for (const Seqnr cursor : cursors_) all += (all.empty() ? "" : " or ") + text(cursor.value);
  return all;
}

void Reading::keep_cursors(const auto& may_be, const std::string& otherwise) {
  std::vector<Seqnr> left;
  std::copy_if(cursors_.begin(), cursors_.end(), std::back_inserter(left), may_be);
  if (left.empty()) violated(otherwise, " a reader whose cursor is at ", cursors());
  cursors_ = std::move(left);
}

Reading::Asked Reading::ask(const Position& position, const Model::Room& room) {
  // Should the process die before it answers, the cursor may have been there.
  if (position.once) asked_once_.push_back(*position.once);
  if (position.once) asked_.push_back(std::max(*position.once, Seqnr(1)));
  if (position.every_time) asked_.push_back(std::max(*position.every_time, Seqnr(1)));
  return {position, room.first, room.version(), seen_exactly_ ? seen_ : 0, {}};
}

void Reading::move(const Position& position) {
  for (const auto& asked : {position.once, position.every_time}) {
    if (!asked) continue;
    const auto at = std::find(asked_.begin(), asked_.end(), std::max(*asked, Seqnr(1)));
    if (at != asked_.end()) asked_.erase(at);
  }
  if (position.once) {
    const Seqnr target = std::max(*position.once, Seqnr(1));
    const bool known = contains(used_, *position.once);
    if (!known) {
      used_.push_back(*position.once);
      to(target);
    } else if (!used_exactly_) {
      // The use may be forgotten, and count as the first again.
      for (const Seqnr before : cursors_) left_.push_back({before, clock_->monotonic()});
      cursors_.push_back(target);
    }
  }
  if (position.every_time) to(std::max(*position.every_time, Seqnr(1)));
}

void Reading::check_told(const Asked& asked, std::string_view what) const {
  if (seen_ < asked.version)
    violated(what, " is given to a reader who has seen version ", seen_,
             " of a directory that has version ", asked.version);
}

void Reading::given(const Asked& asked, const poll::Answer& answer, const Model::Room& room) {
  // A poll too many was never served.
  if (std::holds_alternative<poll::TooMany>(answer)) return;
  move(asked.position);
  if (const auto* event = std::get_if<poll::Event>(&answer)) {
    given_event(asked, *event, room);
  } else if (const auto* directory = std::get_if<Directory>(&answer)) {
    if (directory->version <= seen_ && seen_exactly_)
      violated("version ", directory->version, " of a directory comes to a reader who has seen ",
               seen_);
    if (*directory->json != directory_json(room.directory()))
      violated("the directory of channel ", room.key, " is given as ", *directory->json);
  } else if (std::holds_alternative<poll::Nothing>(answer)) {
    if (seen_ < room.version()) violated("nothing, and not the directory, is given");
    keep_cursors([&](Seqnr c) { return std::max(c, room.first) > room.head(); },
                 text("nothing, where the head is ", room.head().value, ", is given to"));
  } else if (const auto* batch = std::get_if<poll::Batch>(&answer)) {
    given_batch(asked, *batch, room);
  } else if (const auto* damaged = std::get_if<poll::Damaged>(&answer)) {
    violated("message ", damaged->seqnr.value, " of channel ", room.key,
             " is said to be damaged, and nothing was");
  }
}

void Reading::given_event(const Asked& asked, const poll::Event& event, const Model::Room& room) {
  const Message& message = *event.message;
  const Seqnr seqnr = message.seqnr;
  if (message.channel != room.id || seqnr == Seqnr(0) || seqnr > room.head() ||
      message != *room.messages[seqnr.value - 1])
    violated("what is given as message ", seqnr.value, " of channel ", room.key, " is not that");
  check_told(asked, text("message ", seqnr.value));
  // Between question and answer the floor may have risen.
  keep_cursors(
      [&](Seqnr c) {
        if (c >= seqnr) return c == seqnr && !event.first_kept;
        return event.first_kept == seqnr && seqnr >= std::max(c, asked.first) &&
               seqnr <= room.first;
      },
      text("message ", seqnr.value, event.first_kept ? " as the first kept" : "", ", with ",
           room.first.value, " the first, is given to"));
}

// A batch may have been read for some time; its directory is of when that began.
void Reading::given_batch(const Asked& asked, const poll::Batch& batch, const Model::Room& room) {
  const std::string what = text("a batch from ", batch.from.value, " to ", batch.next.value);
  if (!batch.directory)
    check_told(asked, what);
  else if (batch.directory->version <= asked.seen || batch.directory->version > room.version() ||
           Model::digest_of_names(*batch.directory->json) != room.digest(batch.directory->version))
    violated(what, " has version ", batch.directory->version, " of the directory");
  if (batch.channel != room.name || batch.items.size() > asked.batch)
    violated(what, " of ", batch.channel, " has ", batch.items.size(), " messages");
  if (batch.items.empty()) {
    if (batch.next != batch.from) violated(what, " is empty");
    return keep_cursors(
        [&](Seqnr c) { return c == batch.from && std::max(c, room.first) > room.head(); },
        text(what, ", where the head is ", room.head().value, ", is empty and given to"));
  }
  Seqnr next = batch.items.front().seqnr;
  keep_cursors(
      [&](Seqnr c) {
        return c == batch.from &&
               (next == c || (next > c && next >= asked.first && next <= room.first));
      },
      text(what, " begins with message ", next.value, " and is given to"));
  for (const HistoryItem& item : batch.items) {
    if (item.seqnr != next || next > room.head() || !item.message ||
        *item.message != *room.messages[next.value - 1])
      violated(what, " has at the place of message ", next.value, " another, or none");
    next = next.next();
  }
  if (batch.next != next) violated(what, " ends with message ", next.value - 1);
}

void Reading::saw_directory(std::uint64_t version) {
  if (version < seen_) return;
  seen_ = version;
  seen_exactly_ = true;
}

std::optional<Seqnr> Reading::cursor() const {
  if (cursors_.size() != 1 || !asked_.empty()) return std::nullopt;
  return cursors_.front();
}

Reading::Next Reading::next(const Model::Room& room) const {
  const auto at = cursor();
  if (!at || !seen_exactly_) return Next::unknown;
  return seen_ < room.version() || std::max(*at, room.first) <= room.head() ? Next::something
                                                                            : Next::nothing;
}

void Reading::sent(const poll::Answer& answer) {
  if (const auto* batch = std::get_if<poll::Batch>(&answer)) {
    to(batch->next);
    if (batch->directory) saw_directory(batch->directory->version);
  }
  if (const auto* event = std::get_if<poll::Event>(&answer)) to(event->message->seqnr.next());
  if (const auto* directory = std::get_if<Directory>(&answer)) saw_directory(directory->version);
}

bool Reading::went_back(const poll::Answer& answer) const {
  const auto* event = std::get_if<poll::Event>(&answer);
  return event && at_crash_ && event->message->seqnr < *at_crash_;
}

void Reading::crash(Monotonic told_until) {
  if (cursors_.size() == 1) at_crash_ = cursors_.front();
  for (const Left& left : left_)
    if (left.at >= told_until) cursors_.push_back(left.cursor);
  left_.clear();
  cursors_.insert(cursors_.end(), asked_.begin(), asked_.end());
  asked_.clear();
  std::sort(cursors_.begin(), cursors_.end());
  cursors_.erase(std::unique(cursors_.begin(), cursors_.end()), cursors_.end());
  // Of those that were asked for and not answered nobody knows whether they were used.
  for (const Seqnr position : asked_once_)
    if (!contains(used_, position)) used_.push_back(position);
  used_exactly_ = false;
  seen_exactly_ = false;
}

void Reading::clean_stop() {
  left_.clear();
  asked_.clear();
}

}  // namespace yallchat::simulation
