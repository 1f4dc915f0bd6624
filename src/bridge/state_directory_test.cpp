#include "bridge/state_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

namespace yallchat {
namespace {

class StateDirectoryTest : public testing::Test {
 protected:
  StateDirectoryTest() {
    std::string pattern = testing::TempDir() + "bridge-XXXXXX";
    root = ::mkdtemp(pattern.data());
  }
  ~StateDirectoryTest() override { std::filesystem::remove_all(root); }

  static mode_t mode(const std::string& path) {
    struct stat found {};
    EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
    return found.st_mode & 0777U;
  }

  std::string root;
};

TEST_F(StateDirectoryTest, KeepsWhatWasWrittenLast) {
  {
    const auto state = StateDirectory::open(root + "/a/b");
    ASSERT_TRUE(state);
    EXPECT_EQ(state->read("link").value(), std::nullopt);
    ASSERT_TRUE(state->write("link", "one"));
    ASSERT_TRUE(state->write("link", "2"));
  }
  EXPECT_EQ(StateDirectory::open(root + "/a/b")->read("link").value(), "2");
}

TEST_F(StateDirectoryTest, IsItsOwnersAlone) {
  const auto state = StateDirectory::open(root + "/a");
  ASSERT_TRUE(state->write("link", "one"));
  EXPECT_EQ(mode(root + "/a"), 0700U);
  EXPECT_EQ(mode(root + "/a/link"), 0600U);
}

TEST_F(StateDirectoryTest, IsHadByOneAtATime) {
  auto first = std::make_unique<StateDirectory>(StateDirectory::open(root).value());
  const auto second = StateDirectory::open(root);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::locked);
  first.reset();
  EXPECT_TRUE(StateDirectory::open(root));
}

TEST_F(StateDirectoryTest, WhatCannotBeMadeIsNamed) {
  const auto state = StateDirectory::open("/proc/nowhere/bridge");
  ASSERT_FALSE(state);
  EXPECT_THAT(state.error().message, testing::HasSubstr("/proc/nowhere"));
}

}  // namespace
}  // namespace yallchat
