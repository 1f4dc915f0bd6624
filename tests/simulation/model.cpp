#include "simulation/model.h"

#include "base/limits.h"

namespace yallchat::simulation {
namespace {

// Calls the function that takes the effect; what the model has no opinion on is passed over.
template <class... Functions>
struct Cases : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Cases(Functions...) -> Cases<Functions...>;

// The name by what people see of it, whatever keys a command had.
const UserName& name_of(const std::string& text) {
  static std::unordered_map<std::string, UserName> known;
  const auto found = known.find(text);
  if (found != known.end()) return found->second;
  const auto parsed = parse_user(text);
  if (!parsed) violated("a user is named ", text, ": ", parsed.error().message);
  return known.emplace(text, *parsed).first->second;
}

std::uint64_t digest_of(std::string_view user) {
  return std::hash<std::string_view>{}(user)*0x9E3779B97F4A7C15ULL;
}

}  // namespace

std::vector<std::string> Model::Room::directory() const {
  std::vector<std::string> names;
  for (const auto& [user, session] : by_text) names.push_back(user);
  return names;
}

std::uint64_t Model::digest_of_names(std::string_view list) {
  std::uint64_t digest = 0;
  for (;;) {
    const std::size_t begin = list.find('"');
    const std::size_t end = begin == list.npos ? begin : list.find('"', begin + 1);
    if (end == list.npos) return digest;
    digest += digest_of(list.substr(begin + 1, end - begin - 1));
    list.remove_prefix(end + 1);
  }
}

void Model::Room::changed(bool joined, const std::string& user, std::string_view reason) {
  const std::uint64_t before = digest(version());
  const std::uint64_t digest = joined ? before + digest_of(user) : before - digest_of(user);
  changes.push_back({head(), joined, user, reason, digest});
}

// --- Effects ---

void Model::apply(const Effects& effects, const Machine& machine, Monotonic now) {
  for (const Effect& effect : effects)
    std::visit(Cases{[&](const effect::Posted& e) { posted(e); },
                     [&](const effect::Joined& e) { joined(e, machine, now); },
                     [&](const effect::Departed& e) { departed(e, machine); },
                     [&](const effect::FloorRaised& e) { floor_raised(e, machine); },
                     [&](const effect::Forgotten& e) { forgotten(e); }, [](const auto&) {}},
               effect);
}

void Model::compare(const Effects& effects) const {
  for (const Effect& effect : effects) {
    const auto* posted = std::get_if<effect::Posted>(&effect);
    if (!posted) continue;
    const Message& message = *posted->message;
    const Room* found = room(message.channel);
    if (!found || message.seqnr > found->head() ||
        *found->messages[message.seqnr.value - 1] != message)
      violated("message ", message.seqnr.value, " of channel ", message.channel.value,
               " is another one when the log is read again");
  }
}

Model::Room& Model::known_room(ChannelId id) {
  const auto found = rooms_.find(id);
  if (found == rooms_.end()) violated("something happened in channel ", id.value, ", which is not");
  return found->second;
}

void Model::posted(const effect::Posted& effect) {
  const Message& message = *effect.message;
  Room& room = known_room(message.channel);
  if (message.seqnr != room.head().next())
    violated("channel ", room.key, " got message ", message.seqnr.value, " after ",
             room.head().value);
  if (!room.messages.empty() && message.time_ms < room.messages.back()->time_ms)
    violated("in channel ", room.key, " the time of message ", message.seqnr.value,
             " goes back by ", room.messages.back()->time_ms - message.time_ms, " ms");
  if (!room.by_text.contains(message.source))
    violated("message ", message.seqnr.value, " of channel ", room.key, " is from ", message.source,
             ", who is not there");
  room.messages.push_back(effect.message);
}

void Model::joined(const effect::Joined& effect, const Machine& machine, Monotonic now) {
  const Session* session = machine.find_session(effect.session);
  const Channel* channel = machine.find_channel(effect.channel);
  if (!session || !channel) violated("session ", effect.session.value, " joined and is not there");
  if (effect.session <= last_session_) violated("session number ", effect.session.value, " again");
  last_session_ = effect.session;
  auto [it, made] = rooms_.try_emplace(effect.channel);
  Room& room = it->second;
  if (made) {
    if (effect.channel <= last_channel_)
      violated("channel number ", effect.channel.value, " again");
    last_channel_ = effect.channel;
    room.id = effect.channel;
    room.key = channel->name.key;
    room.name = channel->name.text;
    if (!by_key_.emplace(room.key, room.id).second) violated("two channels are named ", room.key);
  }
  const UserName& user = name_of(effect.user);
  if (const auto other = holder(room, user))
    violated("in channel ", room.key, " ", user.text, " was let in, while session ", other->value,
             " holds the name as ", members_.at(*other).user.text);
  room.by_text.emplace(user.text, effect.session);
  room.by_key.emplace(user.key, effect.session);
  if (!user.ascii) room.not_ascii.push_back(effect.session);
  room.changed(true, user.text, {});
  members_[effect.session] = {.channel = effect.channel,
                              .user = user,
                              .key = session->key,
                              .last_request = now,
                              .appends = appends_,
                              .request_before = now};
}

void Model::departed(const effect::Departed& effect, const Machine& machine) {
  const auto node = members_.extract(effect.session);
  if (!node) violated("session ", effect.session.value, " ended and was not there");
  const Member& member = node.mapped();
  Room& room = known_room(member.channel);
  const bool since_append = member.appends == appends_;
  const Monotonic idle =
      appended_at_ - (since_append ? member.request_before : member.last_request);
  const std::uint64_t timeout = machine.settings().session_timeout_ticks;
  if (effect.why == Departure::expired && idle < std::chrono::seconds(timeout))
    violated(member.user.text, " (session ", effect.session.value, ") expired ",
             idle.count() / 1'000'000, " ms after a request, with a timeout of ", timeout, " s");
  if (effect.why == Departure::replaced && member.used)
    violated(member.user.text, " (session ", effect.session.value, ") was replaced while in use");
  if (effect.why == Departure::expired) trace_.reached(Reached::expired);
  if (effect.why == Departure::kicked) trace_.reached(Reached::kicked);
  if (effect.why == Departure::replaced) trace_.reached(Reached::replaced_join);
  room.by_text.erase(member.user.text);
  room.by_key.erase(member.user.key);
  std::erase(room.not_ascii, effect.session);
  room.changed(false, member.user.text, word_for(effect.why));
  ended_[effect.session] = effect.why;
}

// The protocol's floor, or less where the setting asks for less.
void Model::floor_raised(const effect::FloorRaised& effect, const Machine& machine) {
  Room& room = known_room(effect.channel);
  const std::uint64_t setting = machine.settings().history;
  const std::uint64_t least = setting == 0
                                  ? limits::history_floor
                                  : std::min<std::uint64_t>(setting, limits::history_floor);
  if (effect.first <= room.first || effect.first > room.head().next())
    violated("the floor of channel ", room.key, " went from ", room.first.value, " to ",
             effect.first.value, ", with head ", room.head().value);
  if (room.head().value + 1 - effect.first.value < least)
    violated("channel ", room.key, " keeps messages from ", effect.first.value, " to ",
             room.head().value, " only, where ", least, " are promised");
  trace_.reached(Reached::floor_raised);
  room.first = effect.first;
}

void Model::forgotten(const effect::Forgotten& effect) {
  const Room& room = known_room(effect.channel);
  if (!room.messages.empty()) violated("channel ", room.key, " was forgotten with its messages");
  if (!room.by_text.empty()) violated("channel ", room.key, " was forgotten with who is in it");
  trace_.reached(Reached::forgotten_channel);
  by_key_.erase(room.key);
  forgotten_.insert(rooms_.extract(effect.channel));
}

// --- Comparing ---

void Model::compare(const Machine& machine) const {
  if (machine.session_count() != members_.size())
    violated("there are ", machine.session_count(), " sessions, and should be ", members_.size());
  if (machine.channel_count() != rooms_.size())
    violated("there are ", machine.channel_count(), " channels, and should be ", rooms_.size());
  for (const auto& [id, room] : rooms_) {
    const Channel* channel = machine.find_channel(id);
    if (!channel || machine.find_channel(room.key) != channel)
      violated("channel ", room.key, " is not there");
    if (channel->head != room.head() || channel->first != room.first)
      violated("channel ", room.key, " has messages ", channel->first.value, " to ",
               channel->head.value, ", and should have ", room.first.value, " to ",
               room.head().value);
    if (machine.directory(*channel) != room.directory())
      violated("the directory of channel ", room.key, " is wrong");
    if (channel->directory_version != room.version())
      violated("the directory of channel ", room.key, " has version ", channel->directory_version,
               ", and should have ", room.version());
  }
  for (const auto& [id, member] : members_) {
    const Session* session = machine.find_session(id);
    if (!session || session->channel != member.channel || session->user != member.user ||
        machine.find_session(member.key) != session)
      violated("session ", id.value, " of ", member.user.text, " is not as it was");
  }
}

// --- Looking up ---

void Model::note_request(SessionId session, Monotonic now) {
  const auto found = members_.find(session);
  if (found == members_.end()) violated("a request of session ", session.value, " was let in");
  Member& member = found->second;
  if (member.appends != appends_) member.request_before = member.last_request;
  member.appends = appends_;
  member.last_request = now;
  member.used = true;
}

void Model::note_append(Monotonic now) {
  ++appends_;
  appended_at_ = now;
}

const Model::Member* Model::member(SessionId id) const {
  const auto found = members_.find(id);
  return found == members_.end() ? nullptr : &found->second;
}

std::optional<Departure> Model::ended(SessionId id) const {
  const auto found = ended_.find(id);
  if (found == ended_.end()) return std::nullopt;
  return found->second;
}

const Model::Room* Model::room(ChannelId id) const {
  const auto found = rooms_.find(id);
  return found == rooms_.end() ? nullptr : &found->second;
}

const Model::Room* Model::room_ever(ChannelId id) const {
  if (const Room* now = room(id)) return now;
  const auto found = forgotten_.find(id);
  return found == forgotten_.end() ? nullptr : &found->second;
}

const Model::Room* Model::room(const std::string& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : room(found->second);
}

std::optional<SessionId> Model::holder(const Room& room, const UserName& user) const {
  if (const auto same = room.by_key.find(user.key); same != room.by_key.end()) return same->second;
  // Two ASCII names are one by their key only; else all that may look alike are looked at.
  if (user.ascii) {
    for (const SessionId id : room.not_ascii)
      if (same_user(members_.at(id).user, user)) return id;
  } else {
    for (const auto& [text, id] : room.by_text)
      if (same_user(members_.at(id).user, user)) return id;
  }
  return std::nullopt;
}

}  // namespace yallchat::simulation
