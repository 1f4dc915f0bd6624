#include "simulation/checker.h"

#include "protocol/command_codec.h"

namespace yallchat::simulation {
namespace {

std::uint64_t digest(std::string_view bytes) {
  return std::hash<std::string_view>{}(bytes);
}

}  // namespace

void Checker::opened(Index log_last, Index stored, std::uint64_t stored_hash) {
  trace_.note("opened: log up to ", log_last.value, ", store up to ", stored.value);
  const Index most = in_flight_ ? last_.next() : last_;
  if (log_last < last_)
    violated("the log ends with entry ", log_last.value, ", but entry ", last_.value,
             " was told to be durable");
  if (log_last > most) violated("the log has entry ", log_last.value, ", which nobody appended");
  if (in_flight_)
    trace_.reached(log_last == last_ ? Reached::append_lost_in_crash
                                     : Reached::append_survived_crash);
  if (log_last == last_) in_flight_.reset();
  if (stored > last_) violated("the store has entry ", stored.value, ", which nobody was given");
  if (stored != Index(0) && hashes_[stored.value - 1] != stored_hash)
    violated("the store's hash at entry ", stored.value, " is not the one that the state had");
}

void Checker::appending(std::string_view entry) {
  in_flight_ = digest(entry);
  model.note_append(clock_.monotonic());
}

void Checker::entry_comes(Index index, std::string_view entry) {
  coming_ = index;
  if (index > last_.next())
    violated("entry ", index.value, " came, and ", last_.value + 1, " never did");
  if (index <= last_) {
    if (digests_[index.value - 1] != digest(entry))
      violated("entry ", index.value, " is another one when it is read again");
    return;
  }
  if (in_flight_ != digest(entry)) violated("entry ", index.value, " is not what was appended");
  in_flight_.reset();
  const auto commands = decode_entry(entry);
  if (!commands) violated("entry ", index.value, ": ", commands.error().message);
  Effects ignored;
  for (const Command& command : *commands) shadow_.apply(index, command, ignored);
  digests_.push_back(digest(entry));
  hashes_.push_back(shadow_.state_hash());
}

void Checker::effects(Index index, const Effects& effects, const Machine& machine) {
  if (index <= last_) return model.compare(effects);
  model.apply(effects, machine, clock_.monotonic());
  for (const Effect& effect : effects)
    if (const auto* posted = std::get_if<effect::Posted>(&effect)) posts.appended(*posted->message);
}

void Checker::entry_applied(Index index, const Machine& machine) {
  if (index != coming_) violated("entry ", index.value, " was applied out of its turn");
  trace_.note("entry ", index.value, " hash ", machine.state_hash());
  if (machine.state_hash() != hashes_[index.value - 1])
    violated("after entry ", index.value, " the state's hash is ", machine.state_hash(),
             ", and a machine that never stopped has ", hashes_[index.value - 1]);
  if (index <= last_) return;
  last_ = index;
  if (machine.session_count() != model.members() || machine.channel_count() != model.rooms().size())
    violated("after entry ", index.value, " there are ", machine.session_count(), " sessions in ",
             machine.channel_count(), " channels, and should be ", model.members(), " in ",
             model.rooms().size());
}

void Checker::compare(const Machine& machine) const {
  model.compare(machine);
  if (machine.now() != shadow_.now())
    violated("the count of ticks is ", machine.now().value, ", and should be ",
             shadow_.now().value);
  if (machine.settings() != shadow_.settings()) violated("the settings are not those of the log");
  for (const SessionId id : machine.session_ids())
    compare(*machine.find_session(id), *shadow_.find_session(id));
  for (const auto& [id, room] : model.rooms()) {
    const Channel& channel = *machine.find_channel(id);
    const Channel& shadow = *shadow_.find_channel(id);
    if (channel.last_time_ms != shadow.last_time_ms || channel.keyed_from != shadow.keyed_from ||
        channel.keyed_by_token != shadow.keyed_by_token)
      violated("channel ", room.key, " is not as a machine has it that never stopped");
  }
}

void Checker::compare(const Session& session, const Session& shadow) const {
  if (session.token != shadow.token || session.used != shadow.used ||
      session.active != shadow.active || session.cursor != shadow.cursor ||
      session.seen_directory != shadow.seen_directory ||
      session.used_positions != shadow.used_positions)
    violated("session ", session.id.value, " is not as a machine has it that never stopped");
}

}  // namespace yallchat::simulation
