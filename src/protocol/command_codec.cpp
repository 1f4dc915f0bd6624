#include "protocol/command_codec.h"

#include <google/protobuf/arena.h>

#include <algorithm>

#include "base/check.h"
#include "protocol/command.pb.h"

namespace yallchat {
namespace {

std::string bytes_of(const auto& array) {
  return {array.begin(), array.end()};
}

// --- values to wire ---

void write(const Join& join, wire::Command& out) {
  wire::Join& to = *out.mutable_join();
  to.mutable_channel()->set_text(join.channel.text);
  to.mutable_channel()->set_key(join.channel.key);
  to.mutable_user()->set_text(join.user.text);
  to.mutable_user()->set_key(join.user.key);
  for (const std::string& skeleton : join.user.skeletons)
    to.mutable_user()->add_skeletons(skeleton);
  to.set_key(bytes_of(join.key));
  if (join.token) to.set_token(bytes_of(*join.token));
  if (join.position) to.set_position(join.position->value);
  if (join.used_position) to.set_used_position(join.used_position->value);
}

void write(const Leave& leave, wire::Command& out) {
  out.mutable_leave()->set_session(leave.session.value);
}

void write(const Post& post, wire::Command& out) {
  wire::Post& to = *out.mutable_post();
  to.set_session(post.session.value);
  to.set_body(post.body);
  to.set_time_ms(post.time_ms);
  if (post.keyed) {
    to.set_token(bytes_of(post.keyed->token));
    to.set_digest(bytes_of(post.keyed->digest));
  }
  to.set_origin(post.origin);
}

void write(const Touch& touch, wire::Command& out) {
  wire::Touch& to = *out.mutable_touch();
  to.set_session(touch.session.value);
  to.set_active(touch.active.value);
  to.set_cursor(touch.cursor.value);
  to.set_seen_directory(touch.seen_directory);
  for (const Seqnr position : touch.used_positions) to.add_used_positions(position.value);
}

void write(const Advance& advance, wire::Command& out) {
  out.mutable_advance()->set_from(advance.from.value);
}

void write(const Settings& settings, wire::Command& out) {
  wire::Settings& to = *out.mutable_settings();
  to.set_session_timeout_ticks(settings.session_timeout_ticks);
  to.set_max_channels(settings.max_channels);
  to.set_max_sessions(settings.max_sessions);
  to.set_history(settings.history);
  to.set_history_age_ms(settings.history_age_ms);
  to.set_history_bytes(settings.history_bytes);
}

void write(const Recover&, wire::Command& out) {
  out.mutable_recover();
}

void write(const Trim& trim, wire::Command& out) {
  out.mutable_trim()->set_channel(trim.channel.value);
  out.mutable_trim()->set_first(trim.first.value);
}

// --- wire to values ---

struct Unknown {};  // a field that this version does not know
struct Broken {};   // a value that no version writes

// Every message passes here once, so that no unknown field is overlooked.
template <class Message>
const Message& known(const Message& message) {
  if (!message.GetReflection()->GetUnknownFields(message).empty()) throw Unknown{};
  return message;
}

template <class Array>
Array array_of(const std::string& bytes) {
  Array array;
  if (bytes.size() != array.size()) throw Broken{};
  std::copy(bytes.begin(), bytes.end(), array.begin());
  return array;
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

Command read(const wire::Join& from) {
  Join join;
  const auto& channel = known(from.channel());
  const auto& user = known(from.user());
  join.channel = {channel.text(), channel.key()};
  join.user.text = user.text();
  join.user.key = user.key();
  join.user.skeletons = {user.skeletons().begin(), user.skeletons().end()};
  join.user.ascii = is_ascii(join.user.text);
  join.key = array_of<KeyHash>(from.key());
  if (!from.token().empty()) join.token = array_of<Token>(from.token());
  if (from.has_position()) join.position = Seqnr(from.position());
  if (from.has_used_position()) join.used_position = Seqnr(from.used_position());
  return join;
}

Command read(const wire::Leave& from) {
  return Leave{SessionId(from.session())};
}

Command read(const wire::Post& from) {
  Post post;
  post.session = SessionId(from.session());
  post.body = from.body();
  post.time_ms = from.time_ms();
  if (!from.token().empty())
    post.keyed = Post::Keyed{array_of<Token>(from.token()), array_of<Token>(from.digest())};
  post.origin = from.origin();
  return post;
}

Command read(const wire::Touch& from) {
  Touch touch{SessionId(from.session()),
              Tick(from.active()),
              Seqnr(from.cursor()),
              from.seen_directory(),
              {}};
  for (const std::uint64_t position : from.used_positions())
    touch.used_positions.emplace_back(position);
  return touch;
}

Command read(const wire::Advance& from) {
  return Advance{Tick(from.from())};
}

Command read(const wire::Settings& from) {
  return Settings{from.session_timeout_ticks(), from.max_channels(),
                  from.max_sessions(),          from.history(),
                  from.history_age_ms(),        from.history_bytes()};
}

Command read(const wire::Recover&) {
  return Recover{};
}

Command read(const wire::Trim& from) {
  return Trim{ChannelId(from.channel()), Seqnr(from.first())};
}

Command read(const wire::Command& from) {
  switch (known(from).kind_case()) {
    case wire::Command::kJoin: return read(known(from.join()));
    case wire::Command::kLeave: return read(known(from.leave()));
    case wire::Command::kPost: return read(known(from.post()));
    case wire::Command::kTouch: return read(known(from.touch()));
    case wire::Command::kAdvance: return read(known(from.advance()));
    case wire::Command::kSettings: return read(known(from.settings()));
    case wire::Command::kRecover: return read(known(from.recover()));
    case wire::Command::kTrim: return read(known(from.trim()));
    case wire::Command::KIND_NOT_SET: break;
  }
  throw Broken{};
}

}  // namespace

std::string encode_entry(std::span<const Command> commands) {
  google::protobuf::Arena arena;
  auto& entry = *google::protobuf::Arena::CreateMessage<wire::Entry>(&arena);
  entry.set_version(wire_version);
  entry.mutable_commands()->Reserve(static_cast<int>(commands.size()));
  for (const Command& command : commands)
    std::visit([&](const auto& c) { write(c, *entry.add_commands()); }, command);
  std::string bytes;
  CHECK(entry.SerializeToString(&bytes), "an entry of valid commands serializes");
  return bytes;
}

Result<std::vector<Command>> decode_entry(std::string_view bytes) {
  google::protobuf::Arena arena;
  auto& entry = *google::protobuf::Arena::CreateMessage<wire::Entry>(&arena);
  if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return Error{Errc::damaged, "the entry is not a batch of commands"};
  if (entry.version() > wire_version)
    return Error{Errc::unsupported,
                 "the entry was written in version " + std::to_string(entry.version()) +
                     " of the command format and this server reads up to " +
                     std::to_string(wire_version) + ": a newer server wrote here"};
  std::vector<Command> commands;
  commands.reserve(static_cast<std::size_t>(entry.commands_size()));
  try {
    for (const wire::Command& command : known(entry).commands()) commands.push_back(read(command));
  } catch (const Unknown&) {
    return Error{Errc::unsupported, "the entry has a field that this server does not know"};
  } catch (const Broken&) {
    return Error{Errc::damaged, "the entry has a command that no server writes"};
  }
  return commands;
}

}  // namespace yallchat
