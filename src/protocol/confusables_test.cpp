#include "protocol/confusables.h"

#include <gtest/gtest.h>
#include <unicode/normalizer2.h>
#include <unicode/uspoof.h>

#include "protocol/name_characters.h"

namespace yallchat {
namespace {

// The table is kept, whatever ICU brings; that it says what UTS 39 said is seen only beside the ICU
// that it was made with.
TEST(Confusables, TheTableSaysOfEveryAllowedCharacterWhatUnicode15Says) {
  UVersionInfo version;
  u_getUnicodeVersion(version);
  if (version[0] != 15 || version[1] != 0) GTEST_SKIP() << "ICU here is not of Unicode 15.0";
  UErrorCode status = U_ZERO_ERROR;
  const USpoofChecker* builtin = uspoof_open(&status);
  ASSERT_TRUE(U_SUCCESS(status));
  int differ = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (!allowed_in_names(c)) continue;
    const icu::UnicodeString text(static_cast<UChar32>(c));
    icu::UnicodeString expected;
    uspoof_getSkeletonUnicodeString(builtin, 0, text, expected, &status);
    // A skeleton's own letters are looked at again after folding, so they must be covered too.
    icu::UnicodeString again;
    uspoof_getSkeletonUnicodeString(builtin, 0, icu::UnicodeString(expected).foldCase(), again,
                                    &status);
    if (skeleton(text) != expected || skeleton(icu::UnicodeString(expected).foldCase()) != again) {
      ++differ;
      ADD_FAILURE_AT(__FILE__, __LINE__) << std::hex << std::uint32_t{c};
    }
  }
  EXPECT_TRUE(U_SUCCESS(status));
  EXPECT_EQ(differ, 0);
  uspoof_close(const_cast<USpoofChecker*>(builtin));
}

TEST(Confusables, LettersThatLookAlikeHaveOneSkeleton) {
  EXPECT_EQ(skeleton(u"р"), skeleton(u"p")) << "Cyrillic er";
  EXPECT_EQ(skeleton(u"m"), skeleton(u"rn"));
  EXPECT_EQ(skeleton(u"O"), skeleton(u"0"));
  EXPECT_FALSE(skeleton(u"a") == skeleton(u"b"));
}

}  // namespace
}  // namespace yallchat
