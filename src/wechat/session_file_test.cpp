#include "wechat/session_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace yallchat::screen {
namespace {

class SessionFileTest : public testing::Test {
 protected:
  SessionFileTest()
      : home_(testing::TempDir() + "session_file_" +
              testing::UnitTest::GetInstance()->current_test_info()->name()),
        folder(home_ + "/state/wechat") {
    std::filesystem::remove_all(home_);
  }
  ~SessionFileTest() override { std::filesystem::remove_all(home_); }

  Result<SessionFile> open(const std::string& user = "ringo") {
    return SessionFile::open(folder, "http://h:1/chats/x", user);
  }
  std::filesystem::path file() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (!entry.path().has_extension()) return entry.path();
    return {};
  }
  static unsigned mode(const std::string& path) {
    struct stat status {};
    stat(path.c_str(), &status);
    return status.st_mode & 0777U;
  }

 private:
  std::string home_;

 protected:
  std::string folder;
};

TEST_F(SessionFileTest, WhatWasSavedIsThereForTheNextRunAndForNobodyElse) {
  const SessionFile::Content content{.key = "secret",
                                     .read_to = Seqnr(83),
                                     .others = {"http://h:1/chats/a", "http://i:2/chats/b"}};
  {
    auto first = open();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->load(), SessionFile::Content());
    ASSERT_TRUE(first->save(content));
  }
  EXPECT_EQ(open()->load(), content);
  EXPECT_EQ(mode(folder), 0700U);
  EXPECT_EQ(mode(file()), 0600U);
  EXPECT_EQ(open("paul")->load(), SessionFile::Content());
}

TEST_F(SessionFileTest, OnlyOneProcessHasIt) {
  auto first = open();
  ASSERT_TRUE(first);
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::locked);
}

TEST_F(SessionFileTest, NothingButTheFileIsLeft) {
  ASSERT_TRUE(open()->save({.key = "secret", .read_to = {}, .others = {}}));
  const std::filesystem::directory_iterator all(folder);
  EXPECT_EQ(std::distance(begin(all), end(all)), 1);
}

TEST_F(SessionFileTest, OnlyOneHasItHoweverManyComeAndGo) {
  std::atomic<int> owners = 0;
  std::atomic<int> together = 0;
  const auto come_and_go = [&] {
    for (int i = 0; i < 2'000; ++i)
      if (const auto mine = open()) {
        together += owners.fetch_add(1) == 0 ? 0 : 1;
        std::this_thread::yield();
        --owners;
      }
  };
  {
    std::vector<std::jthread> all;
    for (int i = 0; i < 4; ++i) all.emplace_back(come_and_go);
  }
  EXPECT_EQ(together, 0);
}

TEST_F(SessionFileTest, AFolderThatWasOpenToOthersIsClosed) {
  std::filesystem::create_directories(folder);
  chmod(folder.c_str(), 0755);
  EXPECT_TRUE(open());
  EXPECT_EQ(mode(folder), 0700U);
}

TEST_F(SessionFileTest, WhatCannotBeAKeyIsNotTakenForOne) {
  ASSERT_TRUE(open()->save({.key = "good", .read_to = {}, .others = {}}));
  for (const char* const text : {"session a b\n", "session \x1b[2J\n", "session k\xc3\xa9y\n",
                                 "read x\n", "session\n", "\n", ""}) {
    std::ofstream(file()) << text;
    EXPECT_EQ(open()->load(), SessionFile::Content()) << text;
  }
}

TEST_F(SessionFileTest, AFolderThatCannotBeMadeIsAnError) {
  std::filesystem::create_directories(std::filesystem::path(folder).parent_path());
  std::ofstream(folder) << "a file";
  EXPECT_FALSE(open());
}

}  // namespace
}  // namespace yallchat::screen
