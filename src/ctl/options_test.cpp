#include "ctl/options.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace yallchat::ctl {
namespace {

class CtlOptions : public testing::Test {
 protected:
  void SetUp() override { forget(); }
  void TearDown() override { forget(); }

  static void forget() {
    unsetenv("YALLCHAT_DATA");
    unsetenv("YALLCHAT_ADMIN_SOCKET");
  }
  static std::variant<Options, EarlyExit> parse(std::vector<const char*> args) {
    args.insert(args.begin(), "yallchatctl");
    return parse_options(static_cast<int>(args.size()), args.data());
  }
  static std::string socket(const std::vector<const char*>& args) {
    return std::get<Options>(parse(args)).socket;
  }
  // The last line.
  static std::string error(const std::vector<const char*>& args) {
    const auto parsed = parse(args);
    const auto* const exit = std::get_if<EarlyExit>(&parsed);
    if (exit == nullptr || exit->code != exit_usage) return "none";
    return exit->text.substr(exit->text.rfind("yallchatctl: error: "));
  }
};

TEST_F(CtlOptions, AKickNamesAChannelAndAUser) {
  const auto options = std::get<Options>(parse({"kick", "octopus", "ringo"}));
  EXPECT_EQ(std::get<Kick>(options.command).channel, "octopus");
  EXPECT_EQ(std::get<Kick>(options.command).user, "ringo");
  EXPECT_TRUE(std::holds_alternative<Status>(std::get<Options>(parse({"status"})).command));
}

TEST_F(CtlOptions, TheSocketIsWhereTheServerHasItUnlessSaidOtherwise) {
  EXPECT_EQ(socket({"status"}), "./yallchat-data/admin.sock");
  EXPECT_EQ(socket({"--data", "/srv/chat", "status"}), "/srv/chat/admin.sock");
  EXPECT_EQ(socket({"--socket", "/run/chat.sock", "status"}), "/run/chat.sock");
}

TEST_F(CtlOptions, TheEnvironmentIsReadAsTheServerReadsIt) {
  setenv("YALLCHAT_DATA", "/srv/chat", 1);
  EXPECT_EQ(socket({"status"}), "/srv/chat/admin.sock");
  EXPECT_EQ(socket({"--data", "/srv/other", "status"}), "/srv/other/admin.sock");
  setenv("YALLCHAT_ADMIN_SOCKET", "operators", 1);
  EXPECT_EQ(socket({"status"}), "/srv/chat/operators");
  setenv("YALLCHAT_ADMIN_SOCKET", "/run/chat.sock", 1);
  EXPECT_EQ(socket({"status"}), "/run/chat.sock");
  EXPECT_EQ(socket({"--socket", "here", "status"}), "here");
  setenv("YALLCHAT_ADMIN_SOCKET", "", 1);
  EXPECT_NE(error({"status"}).find("YALLCHAT_ADMIN_SOCKET"), std::string::npos);
  EXPECT_EQ(socket({"--socket", "here", "status"}), "here");
}

TEST_F(CtlOptions, OptionsMayFollowTheCommand) {
  EXPECT_EQ(socket({"status", "--socket", "here"}), "here");
  const auto options = std::get<Options>(parse({"kick", "octopus", "ringo", "--data", "there"}));
  EXPECT_EQ(options.socket, "there/admin.sock");
}

TEST_F(CtlOptions, ANameAfterTwoDashesMayBeginWithOne) {
  const auto options = std::get<Options>(parse({"kick", "--", "-octopus", "-ringo"}));
  EXPECT_EQ(std::get<Kick>(options.command).channel, "-octopus");
  EXPECT_EQ(std::get<Kick>(options.command).user, "-ringo");
  const auto mixed = std::get<Options>(parse({"kick", "octopus", "--", "-ringo"}));
  EXPECT_EQ(std::get<Kick>(mixed.command).user, "-ringo");
}

TEST_F(CtlOptions, ANameMayBeTheNameOfACommand) {
  const auto options = std::get<Options>(parse({"kick", "status", "kick"}));
  EXPECT_EQ(std::get<Kick>(options.command).channel, "status");
  EXPECT_EQ(std::get<Kick>(options.command).user, "kick");
}

TEST_F(CtlOptions, WrongUsageIsTold) {
  EXPECT_NE(error({}), "none");
  EXPECT_NE(error({"kick"}).find("CHANNEL"), std::string::npos);
  EXPECT_NE(error({"kick", "octopus"}).find("USER"), std::string::npos);
  EXPECT_NE(error({"kick", "octopus", "ringo", "paul"}).find("paul"), std::string::npos);
  EXPECT_NE(error({"ban", "octopus", "ringo"}).find("ban"), std::string::npos);
  EXPECT_NE(error({"status", "kick", "octopus", "ringo"}), "none");
  EXPECT_NE(error({"--socket", "a", "--data", "b", "status"}), "none");
  EXPECT_NE(error({"--socket", "", "status"}), "none");
  EXPECT_NE(error({"--nonsense", "status"}).find("--nonsense"), std::string::npos);
}

TEST_F(CtlOptions, HelpAndVersionWinOverWhatIsMissing) {
  for (const char* const flag : {"-h", "--help", "-V", "--version"})
    EXPECT_EQ(std::get<EarlyExit>(parse({flag})).code, exit_done) << flag;
  EXPECT_NE(std::get<EarlyExit>(parse({"kick", "--help"})).text.find("kick CHANNEL USER"),
            std::string::npos);
}

TEST_F(CtlOptions, HelpListsEveryExitCode) {
  const std::string help = std::get<EarlyExit>(parse({"--help"})).text;
  for (const char* const code : {"0", "1", "2", "3"})
    EXPECT_NE(help.find("\n  " + std::string(code) + " "), std::string::npos) << code;
}

}  // namespace
}  // namespace yallchat::ctl
