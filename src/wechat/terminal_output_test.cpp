#include "wechat/terminal_output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>

namespace yallchat::screen {
namespace {

using std::chrono::milliseconds;

class TerminalOutputTest : public testing::Test {
 protected:
  TerminalOutputTest() {
    EXPECT_TRUE(window >= 0 && ::grantpt(window) == 0 && ::unlockpt(window) == 0);
    terminal = ::open(::ptsname(window), O_RDWR | O_NOCTTY);
    EXPECT_GE(terminal, 0);
    for (int i = 0; i < 100'000; ++i) much += std::to_string(i);
  }
  ~TerminalOutputTest() override {
    ::close(terminal);
    ::close(window);
  }
  std::string shown() const {
    std::array<char, 4096> buffer;
    const ssize_t got = ::read(window, buffer.data(), buffer.size());
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
  }

  int window = ::posix_openpt(O_RDWR | O_NOCTTY);
  int terminal = -1;
  std::string much;
};

TEST_F(TerminalOutputTest, WhatIsNotTakenAtOnceWaitsAndComesInOrder) {
  TerminalOutput output(terminal);
  output.write(much);
  EXPECT_TRUE(output.waits());
  EXPECT_EQ(::fcntl(terminal, F_GETFL) & O_NONBLOCK, 0);  // others have it as it was
  std::string all;
  while (all.size() < much.size()) {
    all += shown();
    output.go_on();
  }
  EXPECT_EQ(all, much);
  EXPECT_FALSE(output.waits());
}

TEST_F(TerminalOutputTest, ATerminalThatTakesNothingIsGivenUpAndStillGetsTheEnd) {
  TerminalOutput output(terminal);
  output.write(much);
  EXPECT_FALSE(output.finish(milliseconds(1)));
  output.drop();
  output.write("back");
  EXPECT_TRUE(output.finish(milliseconds(1)));
  std::string all;  // what the window had taken already comes before
  while (!all.ends_with("back")) all += shown();
  EXPECT_LT(all.size(), much.size());
}

TEST_F(TerminalOutputTest, ATerminalThatIsGoneTakesAll) {
  TerminalOutput output(terminal);
  output.write(much);
  ::close(std::exchange(window, -1));
  EXPECT_TRUE(output.finish(milliseconds(1)));
}

TEST_F(TerminalOutputTest, AFileIsWrittenWhereItIs) {
  std::string name = testing::TempDir() + "terminal_output_XXXXXX";
  const int file = ::mkstemp(name.data());
  ASSERT_EQ(::write(file, "first ", 6), 6);
  TerminalOutput(file).write("second");
  std::array<char, 32> all{};
  EXPECT_EQ(::pread(file, all.data(), all.size(), 0), 12);
  EXPECT_STREQ(all.data(), "first second");
  ::close(file);
  ::unlink(name.c_str());
}

}  // namespace
}  // namespace yallchat::screen
