#include "protocol/confusables.h"

#include <unicode/uspoof.h>

#include <string>

#include "base/check.h"

namespace yallchat {
namespace {

const USpoofChecker* open_checker() {
  UErrorCode status = U_ZERO_ERROR;
  UParseError where{};
  std::int32_t kind = 0;
  // The second table (whole-script confusables) is an argument that ICU no longer reads.
  const USpoofChecker* checker = uspoof_openFromSource(
      confusables_table.data(), static_cast<std::int32_t>(confusables_table.size()), "", 0, &kind,
      &where, &status);
  CHECK(U_SUCCESS(status), std::string("confusables.txt, line ") + std::to_string(where.line) +
                               ": " + u_errorName(status));
  return checker;
}

}  // namespace

icu::UnicodeString skeleton(const icu::UnicodeString& text) {
  static const USpoofChecker* const checker = open_checker();  // lives as long as the program
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString result;
  uspoof_getSkeletonUnicodeString(checker, 0, text, result, &status);
  CHECK(U_SUCCESS(status), u_errorName(status));
  return result;
}

}  // namespace yallchat
