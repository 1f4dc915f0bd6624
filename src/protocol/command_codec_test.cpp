#include "protocol/command_codec.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>

#include "protocol/command.pb.h"

namespace yallchat {
namespace {

std::vector<Command> one_of_each() {
  Join join;
  join.channel = {"Octopus", "octopus"};
  join.user = {"Jos\u00e9", "jos\u00e9", {"jos\u00e9", "jose'"}, false};
  join.key.fill(7);
  join.token.emplace().fill(9);
  join.position = Seqnr(0);
  join.used_position = Seqnr(83);
  Post post;
  post.session = SessionId(5);
  post.body = "hello \xF0\x9F\x90\x99";
  post.time_ms = -1;
  post.keyed.emplace().token.fill(1);
  post.keyed->digest.fill(2);
  post.origin = "a/b/3";
  return {join,
          Leave{SessionId(3)},
          post,
          Touch{SessionId(4), Tick(9), Seqnr(2), 6, {Seqnr(83), Seqnr(0)}},
          Advance{Tick(12)},
          Settings{60, 10, 0, 1000, 86'400'000, 1'000'000},
          Recover{},
          Trim{ChannelId(2), Seqnr(1001)},
          Kick{"octopus", "jos\u00e9"}};
}

TEST(CommandCodec, WhatIsWrittenReadsBackTheSame) {
  const auto commands = one_of_each();
  const auto back = decode_entry(encode_entry(commands));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, commands);
}

// Near where a length gets another byte: the body's, the post's and the command's.
TEST(CommandCodec, LengthsAreWrittenAsProtobufWritesThem) {
  for (const std::size_t longer : {1u << 7, 1u << 14}) {
    for (std::size_t length = longer - 16; length <= longer; ++length) {
      Post post;
      post.body = std::string(length, 'x');
      wire::Entry entry;
      entry.set_version(wire_version);
      entry.add_commands()->mutable_post()->set_body(post.body);
      EXPECT_EQ(encode_entry(std::vector<Command>{post}), entry.SerializeAsString()) << length;
    }
  }
}

// What one_of_each() was in version 1. It may be added to until the first release; after that a new
// kind of command is a new version, with bytes of its own beside these.
constexpr std::string_view version_1 =
    "0801126c0a6a0a120a074f63746f70757312076f63746f707573121c0a054a6f73c3a912056a6f73"
    "c3a91a056a6f73c3a91a056a6f7365271a2007070707070707070707070707070707070707070707"
    "0707070707070707070722100909090909090909090909090909090928003053120412020803123d"
    "1a3b0805120a68656c6c6f20f09f909918012210010101010101010101010101010101012a100202"
    "02020202020202020202020202023205612f622f33120e220c08041009180220062a02530012042a"
    "02080c12123210083c100a20e8072880b8992930c0843d12023a0012074205080210e90712124a10"
    "0a076f63746f70757312056a6f73c3a9";

TEST(CommandCodec, WhatWasWrittenInVersion1ReadsAsItWasMeant) {
  std::string bytes;
  for (std::size_t i = 0; i < version_1.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(version_1.substr(i, 2)), nullptr, 16));
  const auto commands = decode_entry(bytes);
  ASSERT_TRUE(commands) << commands.error().message;
  EXPECT_EQ(*commands, one_of_each());
  EXPECT_EQ(commands->size(), std::variant_size_v<Command>) << "it has one of each kind";
}

TEST(CommandCodec, AbsentIsNotZero) {
  Join join;
  join.channel = {"c", "c"};
  join.user = {"u", "u", {"u"}, true};
  const std::vector<Command> commands{join};
  const auto back = decode_entry(encode_entry(commands)).value();
  EXPECT_FALSE(std::get<Join>(back.at(0)).position);
  EXPECT_FALSE(std::get<Join>(back.at(0)).token);
}

TEST(CommandCodec, ANewerVersionIsRefusedInWords) {
  wire::Entry entry;
  entry.set_version(wire_version + 1);
  const auto result = decode_entry(entry.SerializeAsString());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::unsupported);
  EXPECT_NE(result.error().message.find("version 2"), std::string::npos);
}

TEST(CommandCodec, AnUnknownFieldIsRefusedAtEveryDepth) {
  wire::Entry entry;
  entry.set_version(wire_version);
  wire::Join& join = *entry.add_commands()->mutable_join();
  join.set_key(std::string(32, 'k'));
  join.mutable_user()->GetReflection()->MutableUnknownFields(join.mutable_user())->AddVarint(99, 1);
  const auto result = decode_entry(entry.SerializeAsString());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::unsupported);
}

TEST(CommandCodec, AnUnknownKindOfCommandIsRefused) {
  wire::Entry entry;
  entry.set_version(wire_version);
  wire::Command& command = *entry.add_commands();
  command.GetReflection()->MutableUnknownFields(&command)->AddLengthDelimited(50, "new");
  EXPECT_EQ(decode_entry(entry.SerializeAsString()).error().code, Errc::unsupported);
}

TEST(CommandCodec, AKeyOfAnotherLengthIsDamage) {
  wire::Entry entry;
  entry.set_version(wire_version);
  entry.add_commands()->mutable_join()->set_key("short");
  EXPECT_EQ(decode_entry(entry.SerializeAsString()).error().code, Errc::damaged);
}

TEST(CommandCodec, NoPrefixOfAnEntryReadsAsThatEntry) {
  const auto commands = one_of_each();
  const std::string bytes = encode_entry(commands);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto result = decode_entry(std::string_view(bytes).substr(0, length));
    if (result) {
      EXPECT_NE(*result, commands) << length;
    }
  }
}

TEST(CommandCodec, TheBoundCoversTheEncodedSize) {
  for (const Command& command : one_of_each())
    EXPECT_LE(encode_entry(std::span(&command, 1)).size(), size_of(command) + 8);
}

}  // namespace
}  // namespace yallchat
