// What holds of all entries: any commands, written and read.
#include <algorithm>

#include "base/property_testing.h"
#include "protocol/command.pb.h"
#include "protocol/command_codec.h"

namespace yallchat {

// For the message of a property that does not hold.
static void showValue(const Command& command, std::ostream& out) {
  out << "command of kind " << command.index();
}

namespace {

using rc::gen::arbitrary;

// --- Any command: a new kind, or a new field, belongs here ---

template <class T>
T any() {
  return *arbitrary<T>();
}

// Small ones, as they are, and any.
std::uint64_t any_number() {
  return *rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(0, 300), arbitrary<std::uint64_t>());
}
std::string any_bytes() {
  return any<std::string>();
}
template <class Array>
Array any_array() {
  Array array;
  for (auto& byte : array) byte = any<std::uint8_t>();
  return array;
}
template <class Make>
auto maybe(Make make) -> std::optional<decltype(make())> {
  if (!any<bool>()) return std::nullopt;
  return make();
}
Seqnr any_seqnr() {
  return Seqnr(any_number());
}
std::vector<Seqnr> any_seqnrs() {
  std::vector<Seqnr> seqnrs;
  for (auto left = *rc::gen::inRange(0, 20); left > 0; --left) seqnrs.push_back(any_seqnr());
  return seqnrs;
}

UserName any_user() {
  UserName user{any_bytes(), any_bytes(), {}, true};
  for (auto left = *rc::gen::inRange(0, 4); left > 0; --left) user.skeletons.push_back(any_bytes());
  user.ascii = std::all_of(user.text.begin(), user.text.end(),
                           [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return user;
}

Command any_join() {
  Join join;
  join.channel = {any_bytes(), any_bytes()};
  join.user = any_user();
  join.key = any_array<KeyHash>();
  join.token = maybe(any_array<Token>);
  join.position = maybe(any_seqnr);
  join.used_position = maybe(any_seqnr);
  return join;
}
Command any_leave() {
  return Leave{SessionId(any_number())};
}
Command any_post() {
  Post post;
  post.session = SessionId(any_number());
  post.body = any_bytes();
  post.time_ms = any<std::int64_t>();
  post.keyed = maybe([] { return Post::Keyed{any_array<Token>(), any_array<Token>()}; });
  post.origin = any_bytes();
  return post;
}
Command any_touch() {
  return Touch{SessionId(any_number()), Tick(any_number()), any_seqnr(), any_number(),
               any_seqnrs()};
}
Command any_advance() {
  return Advance{Tick(any_number())};
}
Command any_settings() {
  Settings settings;
  auto& [timeout, channels, sessions, history, age, bytes] = settings;  // no field is forgotten
  for (auto* field : {&timeout, &channels, &sessions, &history, &age, &bytes})
    *field = any_number();
  return settings;
}
Command any_recover() {
  return Recover{};
}
Command any_trim() {
  return Trim{ChannelId(any_number()), Seqnr(any_number())};
}
Command any_kick() {
  return Kick{any_bytes(), any_bytes()};
}

using Make = Command (*)();
constexpr Make kinds[] = {any_join,     any_leave,   any_post, any_touch, any_advance,
                          any_settings, any_recover, any_trim, any_kick};
static_assert(std::size(kinds) == std::variant_size_v<Command>, "each kind has its generator");

rc::Gen<Command> command() {
  return rc::gen::exec([] {
    return (*rc::gen::elementOf(std::vector<Make>(std::begin(kinds), std::end(kinds))))();
  });
}
rc::Gen<std::vector<Command>> commands() {
  return rc::gen::scale(0.3, rc::gen::container<std::vector<Command>>(command()));
}

// --- What holds of them ---

RC_GTEST_PROP(CommandCodecProperty, WhatIsWrittenReadsBackTheSame, ()) {
  const auto written = *commands();
  const auto read = decode_entry(encode_entry(written));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == written);
}

RC_GTEST_PROP(CommandCodecProperty, TheBytesAreThoseOfProtobuf, ()) {
  const std::string bytes = encode_entry(*commands());
  wire::Entry entry;
  RC_ASSERT(entry.ParseFromString(bytes));
  RC_ASSERT(entry.SerializeAsString() == bytes);
}

RC_GTEST_PROP(CommandCodecProperty, TheBoundCoversWhatIsWritten, ()) {
  const auto written = *commands();
  std::size_t bound = 8;
  for (const Command& each : written) bound += size_of(each);
  const std::size_t size = encode_entry(written).size();
  RC_ASSERT(size <= bound);
  // Near it: what a command takes besides its texts is some hundred bytes.
  RC_ASSERT(bound <= size + 8 + 512 * written.size());
}

RC_GTEST_PROP(CommandCodecProperty, APartOfAnEntryIsNeverThatEntry, ()) {
  const auto written = *rc::gen::nonEmpty(commands());
  const std::string bytes = encode_entry(written);
  const auto length = *rc::gen::inRange<std::size_t>(0, bytes.size());
  const auto read = decode_entry(std::string_view(bytes).substr(0, length));
  if (read) RC_ASSERT(*read != written);
}

RC_GTEST_PROP(CommandCodecProperty, ADamagedEntryIsReadAsSomeEntryOrRefused, ()) {
  std::string bytes = encode_entry(*rc::gen::nonEmpty(commands()));
  bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = any<char>();
  const auto read = decode_entry(bytes);
  if (read) {
    RC_ASSERT(decode_entry(encode_entry(*read)).value() == *read);
  } else {
    RC_ASSERT((read.error().code == Errc::damaged || read.error().code == Errc::unsupported));
  }
}

}  // namespace
}  // namespace yallchat
