#include "wechat/terminal.h"

#include <gtest/gtest.h>

namespace yallchat::screen {
namespace {

TEST(Notification, CannotBeEndedByWhatIsInIt) {
  EXPECT_EQ(osc9("a\x1b\\b\x07"
                 "c\xc2\x9c"
                 "d"),
            "\x1b]9;a\\bcd\x1b\\");
  EXPECT_EQ(osc777("ti;tle\x07", "wo;rds\x1b"), "\x1b]777;notify;ti,tle;wo;rds\x1b\\");
}

}  // namespace
}  // namespace yallchat::screen
