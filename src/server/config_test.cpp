#include "server/config.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace yallchat {
namespace {

using std::chrono::milliseconds;

class ConfigTest : public testing::Test {
 protected:
  // Tests run side by side, each in a process of its own: a fixed name would be everyone's file.
  void SetUp() override {
    directory_ = testing::TempDir() + "config_test_XXXXXX";
    ASSERT_NE(::mkdtemp(directory_.data()), nullptr);
  }
  void TearDown() override {
    std::filesystem::remove_all(directory_);
    for (const std::string& name : set_) unsetenv(name.c_str());
  }
  std::string file(const std::string& text) {
    const std::string path = directory_ + "/yallchat.toml";
    std::ofstream(path) << text;
    return path;
  }
  void environment(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }
  std::string error(const std::string& path, const std::vector<GivenSetting>& flags = {}) {
    const auto config = load_config(path, flags);
    return config ? "(no error)" : config.error().message;
  }

 private:
  std::string directory_;
  std::vector<std::string> set_;
};

TEST_F(ConfigTest, WithoutAnythingTheDefaultsHold) {
  const Config config = load_config("", {}).value();
  EXPECT_EQ(config.listen, std::vector<std::string>{"127.0.0.1:8000"});
  EXPECT_EQ(config.data, "./yallchat-data");
  EXPECT_EQ(config.session_timeout, milliseconds(60'000));
  EXPECT_EQ(config.max_message, 16384u);
}

TEST_F(ConfigTest, EnvironmentGoesBeforeFileAndFlagsBeforeBoth) {
  const std::string path = file("session_timeout = \"10s\"\nmax_channels = 1\nhistory = 1000\n");
  environment("YALLCHAT_SESSION_TIMEOUT", "20s");
  environment("YALLCHAT_MAX_CHANNELS", "2");
  const Config config = load_config(path, {{"max_channels", {"3"}}}).value();
  EXPECT_EQ(config.history, 1000u);
  EXPECT_EQ(config.session_timeout, milliseconds(20'000));
  EXPECT_EQ(config.max_channels, 3u);
}

TEST_F(ConfigTest, ListsComeFromEachSource) {
  const std::string path = file("listen = [\"127.0.0.1:1\", \"[::1]:2\"]\n");
  EXPECT_EQ(load_config(path, {}).value().listen.size(), 2u);
  environment("YALLCHAT_LISTEN", "127.0.0.1:3,127.0.0.1:4,127.0.0.1:5");
  EXPECT_EQ(load_config(path, {}).value().listen.size(), 3u);
  EXPECT_EQ(load_config(path, {{"listen", {"127.0.0.1:6"}}}).value().listen.size(), 1u);
}

TEST_F(ConfigTest, WhatIsPrintedReadsBackAsTheSame) {
  const std::string path = file(
      "listen = [\"127.0.0.1:1\", \"[::1]:2\"]\ndata = \"a \\\"b\\\" \\\\c\"\n"
      "[limits]\nloopback = true\nheader_timeout = \"1500ms\"\n");
  const std::string printed = print_config(load_config(path, {}).value());
  EXPECT_EQ(print_config(load_config(file(printed), {}).value()), printed);
  EXPECT_NE(printed.find("header_timeout = \"1500ms\""), std::string::npos);
}

TEST_F(ConfigTest, ErrorsNameTheSettingWhereItStandsAndWhatWouldBeRight) {
  EXPECT_NE(
      error(file("\nsession_timeout = 60\n")).find(":2: session_timeout: '60' is not a duration"),
      std::string::npos);
  EXPECT_NE(
      error(file("sesion_timeout = \"60s\"")).find("sesion_timeout: there is no such setting"),
      std::string::npos);
  EXPECT_NE(error(file("[limits]\nmax_mesage = 1")).find("limits.max_mesage"), std::string::npos);
  EXPECT_NE(error("", {{"session_timeout", {"500ms"}}}).find("at least 1s"), std::string::npos);
  EXPECT_NE(error("", {{"history", {"999"}}}).find("1000"), std::string::npos);
  EXPECT_NE(error("", {{"listen", {"8000"}}}).find("127.0.0.1:8000"), std::string::npos);
  EXPECT_NE(error("", {{"max_channels", {"-1"}}}).find("--max-channels"), std::string::npos);
  EXPECT_NE(error("", {{"log_level", {"loud"}}}).find("debug, info, warn, error"),
            std::string::npos);
  EXPECT_NE(error("/nonexistent/file.toml").find("/nonexistent/file.toml"), std::string::npos);
  EXPECT_NE(error(file("a = [")).find(":1"), std::string::npos);
  environment("YALLCHAT_HISTORY", "many");
  EXPECT_NE(error("").find("YALLCHAT_HISTORY"), std::string::npos);
}

}  // namespace
}  // namespace yallchat
