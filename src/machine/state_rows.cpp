#include "machine/state_rows.h"

#include "machine/state.pb.h"

namespace yallchat {
namespace {

enum Kind : std::uint32_t {
  partition_kind = 1,
  channel_kind = 2,
  session_kind = 3,
  keyed_kind = 4
};

constexpr std::uint32_t rows_version = 1;

std::string bytes_of(const auto& array) {
  return {array.begin(), array.end()};
}

template <class Array>
bool read_array(const std::string& bytes, Array& array) {
  if (bytes.size() != array.size()) return false;
  std::copy(bytes.begin(), bytes.end(), array.begin());
  return true;
}

StateRow channel_row(const Channel& channel) {
  wire::ChannelRow row;
  row.set_text(channel.name.text);
  row.set_key(channel.name.key);
  row.set_head(channel.head.value);
  row.set_first(channel.first.value);
  row.set_last_time_ms(channel.last_time_ms);
  row.set_directory_version(channel.directory_version);
  return {channel_kind, 0, channel.id.value, row.SerializeAsString()};
}

StateRow session_row(const Session& session) {
  wire::SessionRow row;
  row.set_channel(session.channel.value);
  row.set_user_text(session.user.text);
  row.set_user_key(session.user.key);
  for (const std::string& skeleton : session.user.skeletons) row.add_user_skeletons(skeleton);
  row.set_key(bytes_of(session.key));
  if (session.token) row.set_token(bytes_of(*session.token));
  row.set_used(session.used);
  row.set_active(session.active.value);
  row.set_cursor(session.cursor.value);
  row.set_seen_directory(session.seen_directory);
  for (const Seqnr position : session.used_positions) row.add_used_positions(position.value);
  return {session_kind, 0, session.id.value, row.SerializeAsString()};
}

StateRow keyed_row(ChannelId channel, std::uint64_t ordinal, const KeyedPost& keyed) {
  wire::KeyedPostRow row;
  row.set_token(bytes_of(keyed.token));
  row.set_digest(bytes_of(keyed.digest));
  row.set_seqnr(keyed.seqnr.value);
  row.set_at(keyed.at.value);
  return {keyed_kind, channel.value, ordinal, row.SerializeAsString()};
}

// What was added and dropped since the rows were taken last; what was both was never stored.
void take_keyed(Channel& channel, std::vector<StateRow>& rows) {
  for (std::uint64_t ordinal = channel.keyed_stored_from;
       ordinal < std::min(channel.keyed_from, channel.keyed_stored_to); ++ordinal)
    rows.push_back({keyed_kind, channel.id.value, ordinal, std::nullopt});
  for (std::uint64_t ordinal = std::max(channel.keyed_from, channel.keyed_stored_to);
       ordinal < channel.keyed_to(); ++ordinal)
    rows.push_back(keyed_row(channel.id, ordinal, channel.keyed[ordinal - channel.keyed_from]));
  channel.keyed_stored_from = channel.keyed_from;
  channel.keyed_stored_to = channel.keyed_to();
}

bool load_channel(const StateRow& row, Channel& channel) {
  wire::ChannelRow from;
  if (!from.ParseFromString(*row.value)) return false;
  channel.id = ChannelId(row.id);
  channel.name = {from.text(), from.key()};
  channel.head = Seqnr(from.head());
  channel.first = Seqnr(from.first());
  channel.last_time_ms = from.last_time_ms();
  channel.directory_version = from.directory_version();
  return true;
}

bool load_session(const StateRow& row, Session& session) {
  wire::SessionRow from;
  if (!from.ParseFromString(*row.value)) return false;
  session.id = SessionId(row.id);
  session.channel = ChannelId(from.channel());
  session.user.text = from.user_text();
  session.user.key = from.user_key();
  session.user.skeletons = {from.user_skeletons().begin(), from.user_skeletons().end()};
  session.user.ascii = std::all_of(session.user.text.begin(), session.user.text.end(),
                                   [](char c) { return (c & 0x80) == 0; });
  if (!read_array(from.key(), session.key)) return false;
  if (!from.token().empty() && !read_array(from.token(), session.token.emplace())) return false;
  session.used = from.used();
  session.active = Tick(from.active());
  session.cursor = Seqnr(from.cursor());
  session.seen_directory = from.seen_directory();
  for (const std::uint64_t position : from.used_positions())
    session.used_positions.emplace_back(position);
  return true;
}

bool load_keyed(const StateRow& row, Channel& channel) {
  wire::KeyedPostRow from;
  KeyedPost keyed;
  if (!from.ParseFromString(*row.value)) return false;
  if (!read_array(from.token(), keyed.token) || !read_array(from.digest(), keyed.digest))
    return false;
  keyed.seqnr = Seqnr(from.seqnr());
  keyed.at = Tick(from.at());
  if (channel.keyed.empty()) channel.keyed_from = row.id;
  if (row.id != channel.keyed_to()) return false;
  channel.keyed_by_token.emplace(keyed.token, row.id);
  channel.keyed.push_back(keyed);
  return true;
}

Error damaged(const StateRow& row) {
  return {Errc::damaged, "state row (" + std::to_string(row.kind) + ", " +
                             std::to_string(row.owner) + ", " + std::to_string(row.id) +
                             ") does not read"};
}

}  // namespace

std::vector<StateRow> StateRows::take_changes(Machine& machine) {
  std::vector<StateRow> rows;
  wire::PartitionRow partition;
  partition.set_version(rows_version);
  partition.set_now(machine.now_.value);
  partition.set_all_active(machine.all_active_.value);
  partition.set_last_channel(machine.last_channel_.value);
  partition.set_last_session(machine.last_session_.value);
  partition.set_session_timeout_ticks(machine.settings_.session_timeout_ticks);
  partition.set_max_channels(machine.settings_.max_channels);
  partition.set_max_sessions(machine.settings_.max_sessions);
  partition.set_history(machine.settings_.history);
  partition.set_history_age_ms(machine.settings_.history_age_ms);
  partition.set_history_bytes(machine.settings_.history_bytes);
  rows.push_back({partition_kind, 0, 0, partition.SerializeAsString()});
  // A channel that is forgotten never had a message, so it has no keyed posts to delete.
  for (const ChannelId id : machine.changed_channels_) {
    const auto found = machine.channels_.find(id);
    if (found == machine.channels_.end()) {
      rows.push_back({channel_kind, 0, id.value, std::nullopt});
      continue;
    }
    rows.push_back(channel_row(found->second));
    take_keyed(found->second, rows);
  }
  for (const SessionId id : machine.changed_sessions_) {
    const auto found = machine.sessions_.find(id);
    if (found == machine.sessions_.end())
      rows.push_back({session_kind, 0, id.value, std::nullopt});
    else
      rows.push_back(session_row(found->second));
  }
  machine.changed_channels_.clear();
  machine.changed_sessions_.clear();
  return rows;
}

bool StateRows::load_partition(const StateRow& row, Machine& machine) {
  wire::PartitionRow from;
  if (!from.ParseFromString(*row.value)) return false;
  machine.now_ = Tick(from.now());
  machine.all_active_ = Tick(from.all_active());
  machine.last_channel_ = ChannelId(from.last_channel());
  machine.last_session_ = SessionId(from.last_session());
  machine.settings_ = {from.session_timeout_ticks(), from.max_channels(),
                       from.max_sessions(),          from.history(),
                       from.history_age_ms(),        from.history_bytes()};
  machine.version_ = from.version();
  return true;
}

bool StateRows::load_row(const StateRow& row, Machine& machine) {
  switch (row.kind) {
    case partition_kind: return load_partition(row, machine);
    case channel_kind: return load_channel(row, machine.channels_[ChannelId(row.id)]);
    case session_kind: return load_session(row, machine.sessions_[SessionId(row.id)]);
    case keyed_kind: {
      const auto channel = machine.channels_.find(ChannelId(row.owner));
      return channel != machine.channels_.end() && load_keyed(row, channel->second);
    }
    default: return false;
  }
}

Result<Machine> StateRows::load(const std::vector<StateRow>& rows, std::uint64_t state_hash) {
  Machine machine;
  machine.state_hash_ = state_hash;
  for (const StateRow& row : rows) {
    if (!load_row(row, machine)) return damaged(row);
    if (machine.version_ > rows_version)
      return Error{Errc::unsupported, "the stored state was written by a newer server"};
  }
  if (!machine.derive()) return Error{Errc::damaged, "a stored session has no channel"};
  return machine;
}

}  // namespace yallchat
