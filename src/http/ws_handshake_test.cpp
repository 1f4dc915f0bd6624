#include "http/ws_handshake.h"

#include <gtest/gtest.h>

#include <vector>

#include "http/request_head.h"

namespace yallchat::ws {
namespace {

const std::string get = "GET /chats/octopus/events HTTP/1.1\r\nHost: chat.example:8000\r\n";
const std::string upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
const std::string version = "Sec-WebSocket-Version: 13\r\n";
const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const std::vector<std::string> none;

// A request, read from its bytes.
struct Read {
  Request request;

  explicit Read(const std::string& head) {
    EXPECT_EQ(read_head(head + "\r\n", request).kind, HeadVerdict::Kind::complete) << head;
  }
};

bool asks(const std::string& head) {
  return is_asked_for(Read(head).request);
}

std::string value(const Answer& answer, std::string_view name) {
  for (const auto& [field, text] : answer.headers)
    if (field == name) return text;
  return "";
}

Answer answer_to(const std::string& head, const std::vector<std::string>& allowed = none) {
  const Read read(head);
  EXPECT_TRUE(is_asked_for(read.request)) << head;
  return handshake(read.request, allowed);
}

// The status and the reason.
std::string refusal(const std::string& head) {
  const Answer answer = answer_to(head);
  return std::to_string(answer.status) + " " + value(answer, "reason");
}

TEST(WsHandshake, IsAnsweredAsTheRfcHasIt) {
  const Answer answer = answer_to(get + upgrade + version + key);
  std::string out;
  write_answer(out, answer, {.date = "today"});
  EXPECT_TRUE(out.starts_with("HTTP/1.1 101 Switching Protocols\r\n")) << out;
  EXPECT_TRUE(out.ends_with("\r\n\r\n")) << "no body";
  EXPECT_EQ(value(answer, "Upgrade"), "websocket");
  EXPECT_EQ(value(answer, "Connection"), "Upgrade");
  EXPECT_EQ(value(answer, "Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(out.find("Content-Length"), out.npos);
}

TEST(WsHandshake, WhatIsOfferedBesidesIsNotTaken) {
  const Answer answer = answer_to(get + upgrade + version + key +
                                  "Sec-WebSocket-Extensions: permessage-deflate\r\n"
                                  "Sec-WebSocket-Protocol: chat\r\n");
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(answer.headers.size(), 3U);
}

TEST(WsHandshake, ListsAndCaseAreAsInHttp) {
  EXPECT_EQ(answer_to(get +
                      "UPGRADE: h2c,\t WebSocket\r\nConnection: keep-alive\r\n"
                      "connection: , upgrade ,\r\n" +
                      version + key)
                .status,
            101);
}

TEST(WsHandshake, OtherRequestsAskForNone) {
  EXPECT_TRUE(asks(get + upgrade));
  EXPECT_FALSE(asks(get));
  EXPECT_FALSE(asks(get + "Upgrade: h2c\r\nConnection: Upgrade\r\n"));
  EXPECT_FALSE(asks(get + "Upgrade: websockets\r\nConnection: Upgrade\r\n"));
  EXPECT_FALSE(asks("PUT / HTTP/1.1\r\nHost: h\r\n" + upgrade)) << "only GET";
  EXPECT_FALSE(asks("HEAD / HTTP/1.1\r\nHost: h\r\n" + upgrade));
  EXPECT_FALSE(asks("GET / HTTP/1.0\r\nHost: h\r\n" + upgrade)) << "HTTP/1.0 has no Upgrade";
}

TEST(WsHandshake, UpgradeIsForThisConnectionOnlyWhereConnectionSaysSo) {
  for (const char* connection : {"", "Connection: close\r\n", "Connection: upgrades\r\n"})
    EXPECT_EQ(refusal(get + "Upgrade: websocket\r\n" + connection + version + key),
              "400 bad-upgrade");
}

TEST(WsHandshake, TheVersionIs13) {
  for (const char* other : {"", "Sec-WebSocket-Version: 8\r\n", "Sec-WebSocket-Version: 013\r\n",
                            "Sec-WebSocket-Version: 13, 8\r\n",
                            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\n"})
    EXPECT_EQ(refusal(get + upgrade + other + key), "426 websocket-version") << other;
  const Answer answer = answer_to(get + upgrade + key);
  EXPECT_EQ(value(answer, "Sec-WebSocket-Version"), "13");
  EXPECT_EQ(value(answer, "Upgrade"), "websocket");
  EXPECT_EQ(value(answer, "Connection"), "Upgrade");
}

TEST(WsHandshake, TheKeyIs16BytesOnce) {
  for (const char* other :
       {"", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ",
        "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25j", "dGhlIHNhbXBsZSBub25jZSE=",
        "dGhlIHNhbXBsZSBub25j_-==", "dGhlIHNhbXBsZSBub25j\xC3\xA9==", "dGhlIHNhbXBsZSBub25j  =="})
    EXPECT_EQ(refusal(get + upgrade + version + "Sec-WebSocket-Key: " + other + "\r\n"),
              "400 bad-websocket-key")
        << other;
  EXPECT_EQ(refusal(get + upgrade + version), "400 bad-websocket-key");
  EXPECT_EQ(refusal(get + upgrade + version + key + key), "400 bad-websocket-key");
}

TEST(WsHandshake, ARefusalIsAProblemForWhoTakesThat) {
  const Answer answer = answer_to(get + upgrade + version + "Accept: application/problem+json\r\n");
  EXPECT_TRUE(answer.problem);
  EXPECT_NE(answer.body.find("bad-websocket-key"), answer.body.npos);
}

TEST(WsHandshake, PagesFromElsewhereNeedToBeAllowed) {
  const auto of = [](const std::string& origin, const std::vector<std::string>& allowed) {
    return answer_to(get + upgrade + version + key + origin, allowed).status;
  };
  EXPECT_EQ(of("", none), 101) << "no browser";
  EXPECT_EQ(of("Origin: http://chat.example:8000\r\n", none), 101);
  EXPECT_EQ(of("Origin: http://evil.example\r\n", none), 403);
  EXPECT_EQ(of("Origin: http://evil.example\r\n", {"http://evil.example"}), 101);
  EXPECT_EQ(of("Origin: http://chat.example:8000\r\nOrigin: http://evil.example\r\n", none), 403);
  EXPECT_EQ(of("Origin: null\r\n", none), 403) << "a page in a sandbox";
}

TEST(WsHandshake, AnOriginIsTheHostsOwnWithTheSamePort) {
  const auto own = [](std::string_view origin, std::string_view host) {
    return is_allowed_origin(origin, host, none);
  };
  EXPECT_TRUE(own("http://chat.example", "chat.example"));
  EXPECT_TRUE(own("https://chat.example", "chat.example")) << "behind a proxy that speaks TLS";
  EXPECT_TRUE(own("https://Chat.Example", "chat.EXAMPLE:443"));
  EXPECT_TRUE(own("http://chat.example:80", "chat.example"));
  EXPECT_TRUE(own("http://chat.example", "chat.example:"));
  EXPECT_TRUE(own("http://[::1]:8000", "[::1]:8000"));
  EXPECT_TRUE(own("http://[::1]", "[::1]"));
  EXPECT_FALSE(own("http://[::1]", "[::2]"));
  EXPECT_FALSE(own("http://[::1]", "[::1]:8000"));
  EXPECT_FALSE(own("https://chat.example", "chat.example:80")) << "another scheme's port";
  EXPECT_FALSE(own("http://chat.example:8000", "chat.example:8001"));
  EXPECT_FALSE(own("http://chat.example:8000x", "chat.example:8000"));
  EXPECT_FALSE(own("http://chat.example.evil", "chat.example"));
  EXPECT_FALSE(own("http://evil.chat.example", "chat.example"));
  EXPECT_FALSE(own("http://chat.example/", "chat.example")) << "that is no origin";
  EXPECT_FALSE(own("http://a@chat.example", "chat.example"));
  EXPECT_FALSE(own("ftp://chat.example", "chat.example"));
  EXPECT_FALSE(own("chat.example", "chat.example"));
  EXPECT_FALSE(own("http://", "chat.example"));
}

TEST(WsHandshake, TheListIsExact) {
  const std::vector<std::string> allowed{"https://app.example", "null"};
  EXPECT_TRUE(is_allowed_origin("https://app.example", "h", allowed));
  EXPECT_TRUE(is_allowed_origin("null", "h", allowed));
  for (const char* other : {"https://app.example:443", "http://app.example", "https://app.example.",
                            "https://APP.example", "https://app.exampl", "*"})
    EXPECT_FALSE(is_allowed_origin(other, "h", allowed)) << other;
}

}  // namespace
}  // namespace yallchat::ws
