#include "bridge/state_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/limits.h"
#include "bridge/channel_list.h"
#include "bridge/checkpoint.h"

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

TEST_F(StateDirectoryTest, HasRoomForTheFirstListOfAServerWithAsManyChannelsAsAreKept) {
  FirstList list{
      .server = "http://" + std::string(255, 'h') + ":1", .sides = "c0ffee", .channels = {}};
  for (std::size_t i = 0; i < limits::bridge_first_list; ++i)
    list.channels.insert(ChannelList::mark(std::to_string(i)));
  const auto state = StateDirectory::open(root);
  ASSERT_TRUE(state->write("list", write_first_list(list)));
  EXPECT_EQ(read_first_list(*state->read("list").value()).value(), list);
}

TEST_F(StateDirectoryTest, WritesNothingThatItCouldNotRead) {
  const auto state = StateDirectory::open(root);
  ASSERT_TRUE(state->write("link", "one"));
  EXPECT_FALSE(state->write("link", std::string(1024 * 1024, 'x')));
  EXPECT_EQ(state->read("link").value(), "one");
}

TEST_F(StateDirectoryTest, WhatCannotBeMadeIsNamed) {
  const auto state = StateDirectory::open("/proc/nowhere/bridge");
  ASSERT_FALSE(state);
  EXPECT_THAT(state.error().message, testing::HasSubstr("/proc/nowhere"));
}

}  // namespace
}  // namespace yallchat
