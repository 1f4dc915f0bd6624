#include "simulation/stream_reading.h"

#include <algorithm>

#include "protocol/json.h"

namespace yallchat::simulation {
StreamReading::StreamReading(const Model& model, SessionId session, const Model::Room& room,
                             Seqnr next)
    : model_(model),
      session_(session),
      channel_(room.id),
      next_(std::max(next, Seqnr(1))),
      oldest_version_(room.version()) {}

const Model::Room& StreamReading::room() const {
  return *model_.room_ever(channel_);
}

void StreamReading::given(const Event& event) {
  if (over_) violated("after its end it is given ", event.json);
  if (event.type == "END") return end(event);
  if (event.type != "DIR" && !begun_)
    violated("before it knows who is there it is given ", event.json);
  if (event.type == "MSG") return message(event);
  if (event.type == "DIR") return directory(event);
  if (event.type == "GAP") return gap(event);
  change(event);
}

void StreamReading::must_be(const Event& event, std::string_view expected) const {
  if (event.json != expected)
    violated("behind message ", last().value, " it is given ", event.json, ", and not ", expected);
}

void StreamReading::message(const Event& event) {
  if (event.seqnr != next_ || next_ > room().head())
    violated("it is given message ", event.seqnr.value, " where ", next_.value,
             " is the next, and the head is ", room().head().value);
  must_be(event, event_json(room().name, *room().messages[next_.value - 1]));
  const auto& changes = room().changes;
  for (Known& known : known_)
    if (known.version < changes.size() && changes[known.version].head < next_) known.behind = true;
  next_ = next_.next();
}

// Which version it is nobody says.
void StreamReading::directory(const Event& event) {
  if (event.seqnr != last()) violated("behind message ", last().value, " it is given ", event.json);
  constexpr std::string_view before = R"("users":)";
  const std::size_t names = event.json.find(before);
  if (names == event.json.npos) violated("a directory without names: ", event.json);
  const std::string_view users = event.json.substr(names + before.size());
  must_be(event, directory_event_json(room().name, event.seqnr, users.substr(0, users.size() - 1)));
  const std::uint64_t digest = Model::digest_of_names(users);
  known_.clear();
  for (std::uint64_t version = oldest_version_; version <= room().version(); ++version)
    if (room().digest(version) == digest) known_.push_back({version});
  if (known_.empty())
    violated("it is told who is there, as it never was since it knew: ", event.json);
  oldest_version_ = known_.front().version;
  begun_ = true;
}

void StreamReading::change(const Event& event) {
  const auto& changes = room().changes;
  std::vector<Known> left;
  for (const Known& known : known_) {
    if (known.behind || known.version == changes.size()) continue;
    const Model::Change& next = changes[known.version];
    if (next.head == last() && event.seqnr == next.head &&
        event.json == (next.joined ? join_json(room().name, next.head, next.user)
                                   : leave_json(room().name, next.head, next.user, next.reason)))
      left.push_back({known.version + 1});
  }
  if (left.empty())
    violated("behind message ", last().value,
             " it is told of a change out of its turn: ", event.json);
  known_ = std::move(left);
}

void StreamReading::gap(const Event& event) {
  const Seqnr first = event.seqnr.next();
  must_be(event, gap_json(room().name, next_, first, {}));
  if (first <= next_ || first > room().first)
    violated("it is told that messages ", next_.value, " to ", event.seqnr.value,
             " are not kept, and the first that is is ", room().first.value);
  next_ = first;
}

void StreamReading::end(const Event& event) {
  const auto ended = model_.ended(session_);
  const auto is = [&](std::string_view reason) {
    return event.json == end_json(room().name, last(), reason);
  };
  if (!(stopping_ && is("stopping")) && !(ended && is(word_for(*ended))))
    violated("behind message ", last().value, " it ends with ", event.json);
  over_ = true;
}

void StreamReading::check_who_is_there() const {
  const bool knows = std::any_of(known_.begin(), known_.end(), [&](const Known& known) {
    return known.version == room().version();
  });
  if (!knows)
    violated("it has every message, and was not told who is there now: version ", room().version());
}

}  // namespace yallchat::simulation
