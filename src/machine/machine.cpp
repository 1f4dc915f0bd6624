#include "machine/machine.h"

#include "base/check.h"
#include "base/limits.h"
#include "machine/state_hash.h"

namespace yallchat {
namespace {

template <class Id, class Map>
std::vector<Id> sorted_ids(const Map& map) {
  std::vector<Id> ids;
  ids.reserve(map.size());
  for (const auto& [id, value] : map) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

Outcome Machine::apply(Index index, const Command& command, Effects& effects) {
  const Outcome outcome = std::visit([&](const auto& c) { return apply(c, effects); }, command);
  state_hash_ = next_state_hash(state_hash_, index, command, outcome);
  return outcome;
}

bool Machine::derive() {
  for (auto& [id, channel] : channels_) {
    channel_by_key_.emplace(channel.name.key, id);
    channel.keyed_stored_from = channel.keyed_from;
    channel.keyed_stored_to = channel.keyed_to();
    if (channel.keyed.size() > limits::keyed_posts_floor)
      keyed_beyond_floor_ += channel.keyed.size() - limits::keyed_posts_floor;
  }
  for (auto& [id, session] : sessions_) {
    const auto channel = channels_.find(session.channel);
    if (channel == channels_.end()) return false;
    channel->second.members.emplace(session.user.key, id);
    for (const std::string& skeleton : session.user.skeletons)
      channel->second.skeletons.emplace(skeleton, id);
    session_by_key_.emplace(session.key, id);
    expiry_.put(expiry(session), id);
  }
  return true;
}

// --- Reading ---

const Channel* Machine::find_channel(std::string_view key) const {
  const auto found = channel_by_key_.find(key);
  return found == channel_by_key_.end() ? nullptr : find_channel(found->second);
}

const Channel* Machine::find_channel(ChannelId id) const {
  const auto found = channels_.find(id);
  return found == channels_.end() ? nullptr : &found->second;
}

const Session* Machine::find_session(const KeyHash& key) const {
  const auto found = session_by_key_.find(key);
  return found == session_by_key_.end() ? nullptr : find_session(found->second);
}

const Session* Machine::find_session(SessionId id) const {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : &found->second;
}

std::vector<std::string> Machine::directory(const Channel& channel) const {
  std::vector<std::string> names;
  names.reserve(channel.members.size());
  for (const auto& [key, session] : channel.members)
    names.push_back(sessions_.at(session).user.text);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<SessionId> Machine::session_ids() const {
  return sorted_ids<SessionId>(sessions_);
}

std::vector<ChannelId> Machine::channel_ids() const {
  return sorted_ids<ChannelId>(channels_);
}

// --- Joining and leaving ---

// The session that keeps `user` out of the channel, or null.
const Session* Machine::holder_of(const Channel& channel, const UserName& user) const {
  if (const auto same = channel.members.find(user.key); same != channel.members.end())
    return &sessions_.at(same->second);
  const Session* holder = nullptr;
  for (const std::string& skeleton : user.skeletons) {
    const auto [begin, end] = channel.skeletons.equal_range(skeleton);
    for (auto it = begin; it != end; ++it) {
      const Session& other = sessions_.at(it->second);
      if (!same_user(user, other.user)) continue;  // both ASCII: user1 is not userl
      if (!holder || other.id < holder->id) holder = &other;
    }
  }
  return holder;
}

Channel& Machine::open_channel(const ChannelName& name) {
  if (const auto found = channel_by_key_.find(name.key); found != channel_by_key_.end())
    return channels_.at(found->second);
  last_channel_ = last_channel_.next();
  Channel& channel = channels_[last_channel_];
  channel.id = last_channel_;
  channel.name = name;
  channel_by_key_.emplace(name.key, channel.id);
  return channel;
}

Outcome Machine::apply(const Join& join, Effects& effects) {
  const Channel* existing = find_channel(join.channel.key);
  if (!existing && settings_.max_channels != 0 && channels_.size() >= settings_.max_channels)
    return outcome::Refused{Refusal::channel_limit};
  const Session* holder = existing ? holder_of(*existing, join.user) : nullptr;
  if (holder) {
    // The answer to an earlier try may have been lost. Nobody has used its session, so nobody
    // misses it.
    const bool same_join = join.token && holder->token == join.token && !holder->used &&
                           holder->user.key == join.user.key;
    if (!same_join) return outcome::Refused{Refusal::name_taken};
    end_session(holder->id, Departure::replaced, effects);
  } else if (settings_.max_sessions != 0 && sessions_.size() >= settings_.max_sessions) {
    return outcome::Refused{Refusal::session_limit};
  }
  Channel& channel = open_channel(join.channel);
  const SessionId id = admit(channel, join);
  effects.push_back(effect::Joined{channel.id, id, join.user.text});
  return outcome::Joined{id};
}

SessionId Machine::admit(Channel& channel, const Join& join) {
  CHECK(!session_by_key_.contains(join.key), "a new session has a new key");
  last_session_ = last_session_.next();
  Session& session = sessions_[last_session_];
  session.id = last_session_;
  session.channel = channel.id;
  session.user = join.user;
  session.key = join.key;
  session.token = join.token;
  session.active = now_;
  session.cursor = channel.head.next();
  if (join.used_position) {
    session.cursor = *join.used_position;
    session.used_positions.push_back(*join.used_position);
  }
  if (join.position) session.cursor = *join.position;
  session.cursor = std::max(session.cursor, Seqnr(1));  // 0 means 1
  channel.members.emplace(join.user.key, session.id);
  for (const std::string& skeleton : join.user.skeletons)
    channel.skeletons.emplace(skeleton, session.id);
  ++channel.directory_version;
  session.seen_directory = channel.directory_version;  // the join's answer has the directory
  session_by_key_.emplace(join.key, session.id);
  expiry_.put(expiry(session), session.id);
  changed_channels_.insert(channel.id);
  changed_sessions_.insert(session.id);
  return session.id;
}

Outcome Machine::apply(const Leave& leave, Effects& effects) {
  const Session* session = find_session(leave.session);
  if (!session) return outcome::Refused{Refusal::no_session};
  Channel& channel = channels_.at(session->channel);
  end_session(leave.session, Departure::left, effects);
  forget_if_unused(channel, effects);
  return outcome::Done{};
}

Outcome Machine::apply(const Kick& kick, Effects& effects) {
  const auto named = channel_by_key_.find(kick.channel);
  if (named == channel_by_key_.end()) return outcome::Refused{Refusal::no_user};
  Channel& channel = channels_.at(named->second);
  const auto member = channel.members.find(kick.user);
  if (member == channel.members.end()) return outcome::Refused{Refusal::no_user};
  end_session(member->second, Departure::kicked, effects);
  forget_if_unused(channel, effects);
  return outcome::Done{};
}

void Machine::end_session(SessionId id, Departure why, Effects& effects) {
  const auto node = sessions_.extract(id);
  const Session& session = node.mapped();
  Channel& channel = channels_.at(session.channel);
  channel.members.erase(session.user.key);
  for (const std::string& skeleton : session.user.skeletons) {
    const auto [begin, end] = channel.skeletons.equal_range(skeleton);
    channel.skeletons.erase(
        std::find_if(begin, end, [&](const auto& e) { return e.second == id; }));
  }
  ++channel.directory_version;
  session_by_key_.erase(session.key);
  changed_channels_.insert(channel.id);
  changed_sessions_.insert(id);
  effects.push_back(effect::Departed{channel.id, id, session.user.text, why});
}

// Junk joins shall not fill the limit of channels.
void Machine::forget_if_unused(Channel& channel, Effects& effects) {
  if (!channel.members.empty() || channel.head != Seqnr(0)) return;
  const ChannelId id = channel.id;
  channel_by_key_.erase(channel.name.key);
  channels_.erase(id);
  changed_channels_.insert(id);
  effects.push_back(effect::Forgotten{id});
}

// --- Messages ---

Outcome Machine::apply(const Post& post, Effects& effects) {
  const auto found = sessions_.find(post.session);
  if (found == sessions_.end()) return outcome::Refused{Refusal::no_session};
  Session& session = found->second;
  Channel& channel = channels_.at(session.channel);
  if (!session.used || session.active < now_) changed_sessions_.insert(session.id);
  session.used = true;
  session.active = now_;
  if (post.keyed) {
    const auto known = channel.keyed_by_token.find(post.keyed->token);
    if (known != channel.keyed_by_token.end()) {
      const KeyedPost& before = channel.keyed.at(known->second - channel.keyed_from);
      if (before.digest != post.keyed->digest) return outcome::Refused{Refusal::key_reused};
      return outcome::Posted{before.seqnr, true};
    }
  }
  channel.head = channel.head.next();
  channel.last_time_ms = std::max(channel.last_time_ms, post.time_ms);
  changed_channels_.insert(channel.id);
  effects.push_back(effect::Posted{std::make_shared<const Message>(Message{
      channel.id, channel.head, channel.last_time_ms, session.user.text, post.body, post.origin})});
  if (post.keyed) remember(channel, *post.keyed, channel.head);
  trim_history(channel, effects);
  return outcome::Posted{channel.head, false};
}

// Keeps the last keyed_posts_floor of a channel in any case, and more for a day while there is
// room.
void Machine::remember(Channel& channel, const Post::Keyed& keyed, Seqnr seqnr) {
  channel.keyed_by_token.emplace(keyed.token, channel.keyed_to());
  channel.keyed.push_back({keyed.token, keyed.digest, seqnr, now_});
  if (channel.keyed.size() <= limits::keyed_posts_floor) return;
  ++keyed_beyond_floor_;
  while (channel.keyed.size() > limits::keyed_posts_floor &&
         (channel.keyed.front().at.value + limits::keyed_posts_ticks < now_.value ||
          keyed_beyond_floor_ > limits::keyed_posts_beyond_floor))
    drop_oldest_keyed(channel);
}

void Machine::drop_oldest_keyed(Channel& channel) {
  channel.keyed_by_token.erase(channel.keyed.front().token);
  channel.keyed.pop_front();
  ++channel.keyed_from;
  --keyed_beyond_floor_;
}

void Machine::trim_history(Channel& channel, Effects& effects) {
  if (settings_.history == 0 || channel.head.value < settings_.history) return;
  raise_floor(channel, Seqnr(channel.head.value - settings_.history + 1), effects);
}

void Machine::raise_floor(Channel& channel, Seqnr first, Effects& effects) {
  if (first <= channel.first) return;
  channel.first = first;
  changed_channels_.insert(channel.id);
  effects.push_back(effect::FloorRaised{channel.id, first});
}

// --- Time and activity ---

// A session may be idle for the whole timeout: as ticks come between requests, it ends with the
// tick after.
Tick Machine::expiry(const Session& session) const {
  return Tick(active(session).value + settings_.session_timeout_ticks + 1);
}

Outcome Machine::apply(const Touch& touch, Effects&) {
  const auto found = sessions_.find(touch.session);
  if (found == sessions_.end()) return outcome::Refused{Refusal::no_session};
  Session& session = found->second;
  session.used = true;
  session.active = std::max(session.active, std::min(touch.active, now_));
  session.cursor = touch.cursor;
  session.seen_directory = touch.seen_directory;
  session.used_positions = touch.used_positions;
  changed_sessions_.insert(session.id);
  return outcome::Done{};
}

Outcome Machine::apply(const Advance& advance, Effects& effects) {
  if (advance.from != now_) return outcome::Done{};  // another proposal of the same tick was first
  now_ = now_.next();
  for (const SessionId id : expiry_.due(now_)) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) continue;
    const Tick at = expiry(found->second);
    if (at > now_) {
      expiry_.put(at, id);
      continue;
    }
    Channel& channel = channels_.at(found->second.channel);
    end_session(id, Departure::expired, effects);
    forget_if_unused(channel, effects);
  }
  return outcome::Done{};
}

Outcome Machine::apply(const Recover&, Effects&) {
  all_active_ = now_;
  return outcome::Done{};
}

Outcome Machine::apply(const Settings& settings, Effects& effects) {
  settings_ = settings;
  expiry_.clear();
  for (const SessionId id : session_ids()) expiry_.put(expiry(sessions_.at(id)), id);
  for (const ChannelId id : channel_ids()) trim_history(channels_.at(id), effects);
  return outcome::Done{};
}

// Proposed from what a node saw a while ago: the channel may be gone, and what the protocol
// promises to keep is not up to the proposer.
Outcome Machine::apply(const Trim& trim, Effects& effects) {
  const auto found = channels_.find(trim.channel);
  if (found == channels_.end()) return outcome::Done{};
  Channel& channel = found->second;
  if (channel.head.value < limits::history_floor) return outcome::Done{};
  const Seqnr floor(channel.head.value - limits::history_floor + 1);
  raise_floor(channel, std::min(trim.first, floor), effects);
  return outcome::Done{};
}

}  // namespace yallchat
