#include "http/cors.h"

#include <gtest/gtest.h>

#include "http/request_head.h"

namespace yallchat {
namespace {

const std::vector<std::string> allowed{"https://chat.example", "http://localhost:8080"};

// What is said to a request with these fields.
std::string said(const std::string& method, const std::string& fields) {
  Request request;
  const auto verdict = read_head(method + " / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n", request);
  EXPECT_EQ(verdict.kind, HeadVerdict::Kind::complete);
  std::string out;
  write_cors(out, cors_of(request, allowed));
  return out;
}

TEST(Cors, AnOriginOfTheListIsSaidAndNoOther) {
  EXPECT_NE(said("GET", "Origin: https://chat.example\r\n")
                .find("Access-Control-Allow-Origin: https://chat.example\r\n"),
            std::string::npos);
  for (const char* origin : {"https://chat.example.evil", "http://chat.example", "null", "*",
                             "https://chat.example:8443", "https://CHAT.example", ""})
    EXPECT_EQ(said("GET", "Origin: " + std::string(origin) + "\r\n"), "") << origin;
  EXPECT_EQ(said("GET", ""), "");
  EXPECT_EQ(said("GET", "Origin: https://chat.example\r\nOrigin: https://chat.example\r\n"), "");
}

TEST(Cors, APreflightIsToldWhatIsAllowedAndOthersWhatTheyMayRead) {
  const std::string origin = "Origin: http://localhost:8080\r\n";
  const std::string preflight = said("OPTIONS", origin + "Access-Control-Request-Method: PUT\r\n");
  EXPECT_NE(preflight.find("Access-Control-Allow-Methods"), std::string::npos);
  EXPECT_NE(preflight.find("Access-Control-Max-Age"), std::string::npos);
  for (const auto& plain : {said("OPTIONS", origin), said("GET", origin)}) {
    EXPECT_EQ(plain.find("Access-Control-Allow-Methods"), std::string::npos);
    EXPECT_NE(plain.find("Access-Control-Expose-Headers"), std::string::npos);
  }
}

TEST(Cors, AListHasOriginsAsBrowsersSendThem) {
  for (const char* origin :
       {"https://chat.example", "http://localhost:8080", "http://127.0.0.1", "https://[::1]:8443",
        "https://[2001:db8::1]", "https://xn--nxasmq6b.example", "chrome-extension://abcdef",
        "http://a_b.example:443", "capacitor://localhost"})
    EXPECT_TRUE(check_origin(origin)) << origin;
}

TEST(Cors, WhatNoBrowserSendsIsRefusedWithTheReason) {
  const std::pair<const char*, const char*> refused[] = {
      {"*", "name each"},
      {"null", "sandboxed"},
      {"", "scheme"},
      {"chat.example", "scheme"},
      {"://chat.example", "scheme://host"},
      {"https://", "scheme://host"},
      {"https://chat.example/", "slash"},
      {"https://chat.example/app", "path"},
      {"https://Chat.example", "lower case"},
      {"https://chat.example:443", "leave out"},
      {"http://chat.example:80", "leave out"},
      {"https://chat.example:", "port"},
      {"https://chat.example:08", "port"},
      {"https://chat.example:x", "port"},
      {"https://ringo@chat.example", "scheme://host"},
      {"https://*.example", "scheme://host"},
      {"https://chat.example?x", "scheme://host"},
      {"https://żółw.example", "scheme://host"},
      {"https://[::1", "port"},
      {"https://a b", "scheme://host"},
      {"https://a\r\nb", "scheme://host"},
  };
  for (const auto& [origin, why] : refused) {
    const auto checked = check_origin(origin);
    ASSERT_FALSE(checked) << origin;
    EXPECT_NE(checked.error().message.find(why), std::string::npos) << checked.error().message;
  }
}

TEST(Cors, TheOriginOfAPageIsNoOriginOfABridge) {
  EXPECT_TRUE(is_browser_origin("https://chat.example"));
  EXPECT_TRUE(is_browser_origin("null"));
  EXPECT_FALSE(is_browser_origin("server1/octopus/83"));
  EXPECT_FALSE(is_browser_origin(""));
}

}  // namespace
}  // namespace yallchat
