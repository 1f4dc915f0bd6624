#include "wechat/screen_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace yallchat::screen {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ScreenConfigTest : public testing::Test {
 protected:
  ScreenConfigTest()
      : file(testing::TempDir() + "screen_config_" +
             testing::UnitTest::GetInstance()->current_test_info()->name() + ".toml") {}
  ~ScreenConfigTest() override { std::filesystem::remove(file); }

  Result<ScreenConfig> load(const std::string& text) {
    std::ofstream(file) << text;
    return load_screen_config(file);
  }
  std::string mistake(const std::string& text) {
    const auto config = load(text);
    return config ? "" : config.error().message;
  }
  std::string file;
};

TEST_F(ScreenConfigTest, WithoutAFileThereAreDefaults) {
  for (const std::string& none : {std::string(), file}) {
    const auto config = load_screen_config(none);
    ASSERT_TRUE(config);
    EXPECT_FALSE(config->bell);
    EXPECT_EQ(config->bindings.action(*parse_key("enter")), Action::send);
  }
}

TEST_F(ScreenConfigTest, EverySettingIsRead) {
  const auto config = load(
      "[colours]\nnames = [1, \"blue\"]\nmention = \"default\"\nnotice = 7\nwarning = \"red\"\n"
      "read_line = 255\n[keys]\nsend = [\"f5\", \"ctrl-s\"]\nhome = \"f6\"\nend = []\n"
      "[notify]\nbell = true\nosc9 = true\nosc777 = true\nwords = [\"drummer\", \"late\"]\n");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_THAT(config->theme.names, ElementsAre(1, 4));
  EXPECT_EQ(config->theme.mention, -1);
  EXPECT_EQ(config->theme.notice, 7);
  EXPECT_EQ(config->theme.warning, 1);
  EXPECT_EQ(config->theme.read_line, 255);
  EXPECT_EQ(config->bindings.action(*parse_key("ctrl-s")), Action::send);
  EXPECT_EQ(config->bindings.action(*parse_key("enter")), std::nullopt);
  EXPECT_EQ(config->bindings.action(*parse_key("f6")), Action::home);
  EXPECT_EQ(config->bindings.action(*parse_key("end")), std::nullopt);
  EXPECT_TRUE(config->bell && config->osc9 && config->osc777);
  EXPECT_THAT(config->words, ElementsAre("drummer", "late"));
}

TEST_F(ScreenConfigTest, AMistakeIsNamedWithItsLineAndWhatWouldBeRight) {
  EXPECT_THAT(mistake("\n[keys]\nsend = \"hyper-x\"\n"),
              AllOf(HasSubstr(file + ":3: keys.send: "), HasSubstr("\"ctrl-a\"")));
  EXPECT_THAT(mistake("[keys]\nsned = \"f5\"\n"),
              AllOf(HasSubstr(":2: keys.sned: there is no 'sned'"), HasSubstr("send, newline")));
  EXPECT_THAT(mistake("[colours]\nmention = 256\n"), HasSubstr("0 to 255"));
  EXPECT_THAT(mistake("[colours]\nnames = [1, \"mauve\"]\n"), HasSubstr("\"magenta\""));
  EXPECT_THAT(mistake("[notify]\nbell = 1\n"), HasSubstr("true or false"));
  EXPECT_THAT(mistake("[notify]\nwords = 1\n"), HasSubstr("a text"));
  EXPECT_THAT(mistake("[sound]\nbell = true\n"), HasSubstr("[colours], [keys] and [notify]"));
  EXPECT_THAT(mistake("bell = true\n"), HasSubstr(":1: bell: "));
  EXPECT_THAT(mistake("[notify\n"), HasSubstr(file + ":1: "));
  EXPECT_THAT(load_screen_config(testing::TempDir()).error().message, HasSubstr("no file"));
}

}  // namespace
}  // namespace yallchat::screen
