#include "log/lock.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace yallchat {
namespace {

class DataDirectory : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "lock_test_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    path = name;
  }
  void TearDown() override { std::filesystem::remove_all(path); }
  std::string path;
};

TEST_F(DataDirectory, IsLockedOnceAndTheSecondHearsByWhom) {
  auto first = lock_data_directory(path);
  ASSERT_TRUE(first) << first.error().message;
  const auto second = lock_data_directory(path);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::locked);
  EXPECT_NE(second.error().message.find(path), std::string::npos) << second.error().message;
  EXPECT_NE(second.error().message.find("pid " + std::to_string(::getpid())), std::string::npos)
      << second.error().message;
}

TEST_F(DataDirectory, IsFreeWhenTheHolderIsGone) {
  { ASSERT_TRUE(lock_data_directory(path)); }
  EXPECT_TRUE(lock_data_directory(path));
}

TEST_F(DataDirectory, ThatIsMissingIsAnErrorThatNamesIt) {
  const auto lock = lock_data_directory(path + "/none");
  ASSERT_FALSE(lock);
  EXPECT_NE(lock.error().message.find(path + "/none"), std::string::npos);
}

}  // namespace
}  // namespace yallchat
