#include "client/url.h"

#include <gtest/gtest.h>

namespace yallchat {
namespace {

std::string base(std::string_view text) {
  const auto url = parse_chat_url(text);
  return url ? url->base : "error: " + url.error().message;
}

TEST(ChatUrl, WithoutSchemeIsHttpAndWithoutPortIs8000) {
  EXPECT_EQ(base("my.chat.server/chats/octopus"), "http://my.chat.server:8000/chats/octopus");
  EXPECT_EQ(base("http://my.chat.server/chats/octopus"),
            "http://my.chat.server:8000/chats/octopus");
  EXPECT_EQ(base("my.chat.server:80/chats/octopus"), "http://my.chat.server:80/chats/octopus");
}

TEST(ChatUrl, HttpsWithoutPortIs443) {
  EXPECT_EQ(base("HTTPS://chat.example/chats/x"), "https://chat.example:443/chats/x");
  EXPECT_EQ(base("https://chat.example:8443/chats/x"), "https://chat.example:8443/chats/x");
}

TEST(ChatUrl, AnIpv6AddressStandsInBrackets) {
  EXPECT_EQ(base("[::1]/chats/x"), "http://[::1]:8000/chats/x");
  EXPECT_EQ(base("[::1]:9/chats/x"), "http://[::1]:9/chats/x");
}

TEST(ChatUrl, ANumberAtTheEndIsWhereTheBacklogBegins) {
  const auto url = parse_chat_url("http://h:1/chats/octopus/83/");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->base, "http://h:1/chats/octopus");
  EXPECT_EQ(url->from, Seqnr(83));
  EXPECT_EQ(url->channel, "octopus");
}

TEST(ChatUrl, AChannelMayBeANumber) {
  const auto url = parse_chat_url("h/chats/83");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->channel, "83");
  EXPECT_EQ(url->from, std::nullopt);
  EXPECT_EQ(parse_chat_url("h/chats/83/5")->from, Seqnr(5));
}

TEST(ChatUrl, WhatIsEncodedStaysAndWhatMustBeIsEncoded) {
  EXPECT_EQ(base("h/chats/caf%C3%A9"), "http://h:8000/chats/caf%C3%A9");
  EXPECT_EQ(base("h/chats/café"), "http://h:8000/chats/caf%C3%A9");
  EXPECT_EQ(base("h/chats/a b%"), "http://h:8000/chats/a%20b%25");
  EXPECT_EQ(parse_chat_url("h/chats/caf%C3%A9")->channel, "café");
  EXPECT_EQ(base("h/chats/%%C3%A9"), "http://h:8000/chats/%25%C3%A9");
  EXPECT_EQ(parse_chat_url("h/chats/%%C3%A9")->channel, "%é") << "the name of what is asked for";
}

TEST(ChatUrl, APathBeforeChatsStays) {
  EXPECT_EQ(base("h/team/chats/x"), "http://h:8000/team/chats/x");
}

TEST(ChatUrl, WhatIsNoChatIsAnErrorWithAnExample) {
  for (const char* const text : {"",
                                 "h",
                                 "h/",
                                 "h/octopus",
                                 "h/chats",
                                 "h/chats/",
                                 "h/chats//83",
                                 "h/chats/x/events",
                                 "h/chats/x/99999999999999999999",
                                 "/chats/x",
                                 "ftp://h/chats/x",
                                 "h:/chats/x",
                                 "h:0/chats/x",
                                 "h:65536/chats/x",
                                 "h:8a/chats/x",
                                 "[::1/chats/x",
                                 "[::1]9/chats/x",
                                 "me:secret@h/chats/x",
                                 "h/chats/x?from=3",
                                 "h/chats/x#y",
                                 "a b/chats/x"}) {
    const auto url = parse_chat_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_NE(url.error().message.find("my.chat.server/chats/octopus"), std::string::npos);
  }
}

TEST(ChatUrl, WhatFollowsAChannelAndIsNoNumberIsNamed) {
  for (const char* const text : {"-3", "+3", "3x", "events", "99999999999999999999"})
    EXPECT_EQ(base(std::string("h/chats/octopus/") + text),
              "error: '" + std::string(text) +
                  "' at the end is not the number of a message; write it as in "
                  "my.chat.server/chats/octopus/83");
  EXPECT_EQ(base("h/chats/chats/x"), "http://h:8000/chats/chats/x");
}

TEST(ChatUrl, AnErrorSaysItOnce) {
  for (const char* const text : {"h", "h/", "h/octopus", "h/chats", "h/chats//83"})
    EXPECT_EQ(base(text), "error: it names no chat; write it as in my.chat.server/chats/octopus");
}

TEST(ServerUrl, NamesAServerOrAChatOnIt) {
  EXPECT_EQ(parse_server_url("my.chat.server")->root, "http://my.chat.server:8000");
  EXPECT_EQ(parse_server_url("[::1]:8001/")->root, "http://[::1]:8001");
  EXPECT_EQ(parse_server_url("https://example.org/team/chats")->root,
            "https://example.org:443/team");
  const ServerUrl chat = parse_server_url("my.chat.server/chats/caf%C3%A9/").value();
  EXPECT_EQ(chat.root, "http://my.chat.server:8000");
  EXPECT_EQ(chat.channel, "caf\xc3\xa9");
  EXPECT_EQ(chat_at(chat, *chat.channel).base, "http://my.chat.server:8000/chats/caf%C3%A9");
  EXPECT_EQ(parse_server_url("my.chat.server")->channel, std::nullopt);
}

TEST(ServerUrl, TakesNoNumberAtTheEnd) {
  EXPECT_FALSE(parse_server_url("my.chat.server/chats/octopus/83"));
  EXPECT_FALSE(parse_server_url("my.chat.server?x"));
  EXPECT_FALSE(parse_server_url(""));
}

}  // namespace
}  // namespace yallchat
