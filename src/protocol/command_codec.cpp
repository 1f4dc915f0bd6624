#include "protocol/command_codec.h"

#include <google/protobuf/arena.h>

#include <algorithm>

#include "protocol/command.pb.h"
#include "protocol/wire_writer.h"

namespace yallchat {
namespace {

// --- values to wire: fields in the order of their numbers, which is protobuf's ---

std::string_view bytes_of(const auto& array) {
  return {reinterpret_cast<const char*>(array.data()), array.size()};
}

void write(const ChannelName& channel, WireWriter& out) {
  out.bytes(wire::ChannelName::kTextFieldNumber, channel.text);
  out.bytes(wire::ChannelName::kKeyFieldNumber, channel.key);
}

void write(const UserName& user, WireWriter& out) {
  out.bytes(wire::UserName::kTextFieldNumber, user.text);
  out.bytes(wire::UserName::kKeyFieldNumber, user.key);
  for (const std::string& skeleton : user.skeletons)
    out.present_bytes(wire::UserName::kSkeletonsFieldNumber, skeleton);
}

void write(const Join& join, WireWriter& out) {
  out.message(wire::Join::kChannelFieldNumber, [&] { write(join.channel, out); });
  out.message(wire::Join::kUserFieldNumber, [&] { write(join.user, out); });
  out.bytes(wire::Join::kKeyFieldNumber, bytes_of(join.key));
  if (join.token) out.bytes(wire::Join::kTokenFieldNumber, bytes_of(*join.token));
  if (join.position) out.present_number(wire::Join::kPositionFieldNumber, join.position->value);
  if (join.used_position)
    out.present_number(wire::Join::kUsedPositionFieldNumber, join.used_position->value);
}

void write(const Leave& leave, WireWriter& out) {
  out.number(wire::Leave::kSessionFieldNumber, leave.session.value);
}

void write(const Post& post, WireWriter& out) {
  out.number(wire::Post::kSessionFieldNumber, post.session.value);
  out.bytes(wire::Post::kBodyFieldNumber, post.body);
  out.signed_number(wire::Post::kTimeMsFieldNumber, post.time_ms);
  if (post.keyed) {
    out.bytes(wire::Post::kTokenFieldNumber, bytes_of(post.keyed->token));
    out.bytes(wire::Post::kDigestFieldNumber, bytes_of(post.keyed->digest));
  }
  out.bytes(wire::Post::kOriginFieldNumber, post.origin);
}

void write(const Touch& touch, WireWriter& out) {
  out.number(wire::Touch::kSessionFieldNumber, touch.session.value);
  out.number(wire::Touch::kActiveFieldNumber, touch.active.value);
  out.number(wire::Touch::kCursorFieldNumber, touch.cursor.value);
  out.number(wire::Touch::kSeenDirectoryFieldNumber, touch.seen_directory);
  out.packed_ids(wire::Touch::kUsedPositionsFieldNumber, touch.used_positions);
}

void write(const Advance& advance, WireWriter& out) {
  out.number(wire::Advance::kFromFieldNumber, advance.from.value);
}

void write(const Settings& settings, WireWriter& out) {
  out.number(wire::Settings::kSessionTimeoutTicksFieldNumber, settings.session_timeout_ticks);
  out.number(wire::Settings::kMaxChannelsFieldNumber, settings.max_channels);
  out.number(wire::Settings::kMaxSessionsFieldNumber, settings.max_sessions);
  out.number(wire::Settings::kHistoryFieldNumber, settings.history);
  out.number(wire::Settings::kHistoryAgeMsFieldNumber, settings.history_age_ms);
  out.number(wire::Settings::kHistoryBytesFieldNumber, settings.history_bytes);
}

void write(const Recover&, WireWriter&) {}

void write(const Trim& trim, WireWriter& out) {
  out.number(wire::Trim::kChannelFieldNumber, trim.channel.value);
  out.number(wire::Trim::kFirstFieldNumber, trim.first.value);
}

void write(const Kick& kick, WireWriter& out) {
  out.bytes(wire::Kick::kChannelFieldNumber, kick.channel);
  out.bytes(wire::Kick::kUserFieldNumber, kick.user);
}

// The kinds of wire::Command, in the order of Command's alternatives.
constexpr int kinds[] = {wire::Command::kJoinFieldNumber,    wire::Command::kLeaveFieldNumber,
                         wire::Command::kPostFieldNumber,    wire::Command::kTouchFieldNumber,
                         wire::Command::kAdvanceFieldNumber, wire::Command::kSettingsFieldNumber,
                         wire::Command::kRecoverFieldNumber, wire::Command::kTrimFieldNumber,
                         wire::Command::kKickFieldNumber};
static_assert(std::size(kinds) == std::variant_size_v<Command>, "each alternative has its kind");

void write(const Command& command, WireWriter& out) {
  out.message(kinds[command.index()],
              [&] { std::visit([&](const auto& c) { write(c, out); }, command); });
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

Command read(const wire::Kick& from) {
  return Kick{from.channel(), from.user()};
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
    case wire::Command::kKick: return read(known(from.kick()));
    case wire::Command::KIND_NOT_SET: break;
  }
  throw Broken{};
}

}  // namespace

std::string encode_entry(std::span<const Command> commands) {
  std::size_t size = 0;
  for (const Command& command : commands) size += size_of(command);
  std::string bytes;
  bytes.reserve(size);
  WireWriter out(bytes);
  out.number(wire::Entry::kVersionFieldNumber, wire_version);
  for (const Command& command : commands)
    out.message(wire::Entry::kCommandsFieldNumber, [&] { write(command, out); });
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
