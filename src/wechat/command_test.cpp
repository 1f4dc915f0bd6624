#include "wechat/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yallchat::screen {
namespace {

using enum Command::Kind;
using testing::HasSubstr;

TEST(Command, WhatDoesNotBeginWithASlashIsSaidAsItIs) {
  EXPECT_EQ(parse_command(" hello / you "), (Command{say, " hello / you "}));
}

TEST(Command, TwoSlashesSayOne) {
  EXPECT_EQ(parse_command("//join me"), (Command{say, "/join me"}));
}

TEST(Command, ArgumentsLoseTheSpacesAroundThem) {
  EXPECT_EQ(parse_command("/join  octopus "), (Command{join, "octopus"}));
  EXPECT_EQ(parse_command("/search late drummer"), (Command{search, "late drummer"}));
  EXPECT_EQ(parse_command("/quit "), (Command{quit, ""}));
  EXPECT_EQ(parse_command("/resend drop"), (Command{resend, "drop"}));
}

TEST(Command, AnActionIsSaidAsItWasTyped) {
  EXPECT_EQ(parse_command("/me waves"), (Command{say, "/me waves"}));
  EXPECT_EQ(action_of("/me waves"), "waves");
  EXPECT_EQ(action_of("/mean"), "");
}

TEST(Command, AWrongOneSaysWhatWouldBeRight) {
  EXPECT_EQ(parse_command("/etc/passwd is").kind, wrong);
  EXPECT_THAT(parse_command("/etc/passwd is").argument, HasSubstr("type //etc/passwd"));
  EXPECT_THAT(parse_command("/join").argument, HasSubstr("/join CHANNEL"));
  EXPECT_THAT(parse_command("/part now").argument, HasSubstr("stands alone"));
}

TEST(Command, EveryOneHasHelp) {
  for (const CommandHelp& one : command_help()) EXPECT_FALSE(one.words.empty()) << one.name;
}

}  // namespace
}  // namespace yallchat::screen
