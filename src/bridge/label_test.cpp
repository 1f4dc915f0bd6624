#include "bridge/label.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace yallchat {
namespace {

std::string label_of(const std::string& url) {
  return default_label(parse_server_url(url).value());
}

TEST(Label, IsTheHostAndAPortThatIsNotTheUsualOne) {
  EXPECT_EQ(label_of("my.chat.server/chats/octopus"), "my.chat.server");
  EXPECT_EQ(label_of("https://example.org/team"), "example.org");
  EXPECT_EQ(label_of("http://example.org:443"), "example.org-443");
  EXPECT_EQ(label_of("127.0.0.1:8001"), "127.0.0.1-8001");
  EXPECT_EQ(label_of("[::1]:8001"), "--1-8001");
}

TEST(Label, ThatIsTheDefaultIsFitUnlessItIsTooLong) {
  for (const char* const url : {"my.chat.server", "127.0.0.1:8001", "[::1]:8001", "[fe80::1]"})
    EXPECT_TRUE(check_label(label_of(url))) << url;
  EXPECT_FALSE(check_label(label_of(std::string(limits::user_code_points + 1, 'h'))));
}

TEST(Label, IsANameWithoutAt) {
  EXPECT_TRUE(check_label("caf\xc3\xa9"));
  for (const char* const label : {"", "a@b", "a b", "a/b", "a,b", "a:b", "."})
    EXPECT_FALSE(check_label(label)) << label;
}

TEST(Label, OfAnotherCaseIsTheSame) {
  EXPECT_TRUE(same_label("home", "Home"));
  EXPECT_TRUE(same_label("home", "home"));
  EXPECT_FALSE(same_label("home", "hone"));
}

}  // namespace
}  // namespace yallchat
