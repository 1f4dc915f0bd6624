#include "log/posix_disk.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <thread>

#include "log/log_testing.h"

namespace yallchat {
namespace {

class PosixDiskTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "log_test_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory); }

  std::string directory;
  PosixDisk disk;
};

TEST_F(PosixDiskTest, WhatIsWrittenIsRead) {
  auto file = disk.create(directory + "/f").value();
  ASSERT_TRUE(file->allocate(4096));
  EXPECT_EQ(file->size().value(), 4096u);
  ASSERT_TRUE(file->write(4090, "hello, world"));
  ASSERT_TRUE(file->sync());
  std::string out(20, '?');
  EXPECT_EQ(file->read(4090, out).value(), 12u) << "the file ends there";
  EXPECT_EQ(out.substr(0, 12), "hello, world");
  ASSERT_TRUE(file->truncate(4095));
  EXPECT_EQ(disk.open(directory + "/f").value()->size().value(), 4095u);
}

TEST_F(PosixDiskTest, NamesComeAndGo) {
  { disk.create(directory + "/a").value(); }
  ASSERT_TRUE(disk.rename(directory + "/a", directory + "/b"));
  ASSERT_TRUE(disk.sync_directory(directory));
  EXPECT_EQ(disk.list(directory).value(), std::vector<std::string>{"b"});
  ASSERT_TRUE(disk.remove(directory + "/b"));
  EXPECT_TRUE(disk.list(directory).value().empty());
  ASSERT_TRUE(disk.make_directory(directory + "/sub"));
  EXPECT_TRUE(disk.make_directory(directory + "/sub")) << "there already";
}

TEST_F(PosixDiskTest, ErrorsNamePathAndReason) {
  const auto missing = disk.open(directory + "/none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::not_found);
  EXPECT_EQ(missing.error().message, directory + "/none: open: No such file or directory");
  { disk.create(directory + "/f").value(); }
  const auto no_directory = disk.make_directory(directory + "/f");
  ASSERT_FALSE(no_directory);
  EXPECT_EQ(no_directory.error().code, Errc::io);
}

TEST_F(PosixDiskTest, AFullDeviceIsFull) {
  const auto file = disk.open("/dev/full");
  ASSERT_TRUE(file);
  const auto written = (*file)->write(0, "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::full);
}

TEST_F(PosixDiskTest, CarriesALogWhoseSegmentsAThreadPreparesAndRemoves) {
  SystemRandom random;
  std::vector<std::thread> workers;
  const LocalLog::Options options{
      .directory = directory + "/log",
      .disk = disk,
      .random = random,
      .opened_after = Index(0),
      .segment_bytes = 64 * limits::KiB,
      .background = [&](std::function<void()> work) { workers.emplace_back(std::move(work)); }};
  {
    auto log = LocalLog::open(options).value();
    Remembered heard;
    for (int i = 0; i < 40; ++i) {
      append_some(*log, 10, heard, 2000);
      if (i >= 20) log->trim(Index(100));
    }
    EXPECT_EQ(heard.entries, entry_texts(1, 400, 2000));
  }
  for (auto& worker : workers) worker.join();
  workers.clear();
  auto later = options;
  later.opened_after = Index(100);
  auto log = LocalLog::open(later).value();
  Remembered heard;
  log->deliver(heard);
  EXPECT_EQ(heard.entries, entry_texts(101, 400, 2000));
  EXPECT_FALSE(std::filesystem::exists(directory + "/log/00000000000000000001.log"));
  log.reset();
  for (auto& worker : workers) worker.join();
}

}  // namespace
}  // namespace yallchat
