#include "protocol/percent.h"

#include <gtest/gtest.h>

namespace yallchat {
namespace {

using namespace std::literals;

TEST(Percent, DecodesOnce) {
  EXPECT_EQ(percent_decode("a%20b").value(), "a b");
  EXPECT_EQ(percent_decode("%2541").value(), "%41");
  EXPECT_EQ(percent_decode("%C3%a9%00").value(), "\xC3\xA9\0"sv);
}

TEST(Percent, LeavesWhatIsNotEncodedAlone) {
  EXPECT_EQ(percent_decode("").value(), "");
  EXPECT_EQ(percent_decode("a+b").value(), "a+b") << "a plus is a space in forms only";
  EXPECT_EQ(percent_decode("\xC3\xA9").value(), "\xC3\xA9") << "raw UTF-8 in a path works";
}

TEST(Percent, RefusesALonePercent) {
  for (const auto text : {"%", "a%", "%4", "%4g", "%g4", "%%41", "% 41", "%+1", "%-1", "%0x"}) {
    const auto result = percent_decode(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, Errc::invalid);
    EXPECT_NE(result.error().message.find("%25"), std::string::npos)
        << "it says what would be right";
  }
}

TEST(Percent, ASegmentKeepsOnlyWhatMeansNothingInAPath) {
  EXPECT_EQ(percent_encode_segment("Ringo_the-2nd.@~"), "Ringo_the-2nd.@~");
  EXPECT_EQ(percent_encode_segment("a/b?c#d%e f;g"), "a%2Fb%3Fc%23d%25e%20f%3Bg");
  EXPECT_EQ(percent_encode_segment("\xC3\xA9\r\n\0"sv), "%C3%A9%0D%0A%00");
}

TEST(Percent, EverySegmentDecodesToWhatItWas) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode_segment(all)).value(), all);
}

TEST(Percent, AHeaderValueIsAsciiAndCanBeUndone) {
  EXPECT_EQ(percent_encode_non_ascii("Jos\xC3\xA9"), "Jos%C3%A9");
  EXPECT_EQ(percent_encode_non_ascii("Ringo@home.~"), "Ringo@home.~");
  EXPECT_EQ(percent_decode(percent_encode_non_ascii("Jos\xC3\xA9")).value(), "Jos\xC3\xA9");
}

}  // namespace
}  // namespace yallchat
