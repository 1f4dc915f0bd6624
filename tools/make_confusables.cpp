// Writes src/protocol/data/confusables.txt: which characters of names look alike.
//
// The file was made once, with ICU 72 (Unicode 15.0), from the data that is compiled into that
// library, and is kept as it is: names that are held under one table could collide under another.
// It is not part of the default build, and to run it again is a change of the protocol:
//
//   cmake --build build/dev --target make_confusables
//   build/dev/bin/make_confusables > src/protocol/data/confusables.txt
//
// One row for each allowed character whose skeleton differs from itself. Characters that decompose
// get none, for a skeleton is computed from the decomposed text.
#include <unicode/normalizer2.h>
#include <unicode/uspoof.h>

#include <cstdio>
#include <cstdlib>

#include "protocol/name_characters.h"

namespace {

void must(UErrorCode status) {
  if (U_SUCCESS(status)) return;
  std::fprintf(stderr, "make_confusables: %s\n", u_errorName(status));
  std::exit(1);
}

void print_row(UChar32 from, const icu::UnicodeString& to) {
  std::printf("%04X ;", static_cast<unsigned>(from));
  for (std::int32_t i = 0; i < to.length(); i = to.moveIndex32(i, 1))
    std::printf(" %04X", static_cast<unsigned>(to.char32At(i)));
  std::printf(" ; MA\n");
}

}  // namespace

int main() {
  if (U_ICU_VERSION_MAJOR_NUM != 72) {
    std::fprintf(stderr, "make_confusables: the table is that of ICU 72, this is %s\n",
                 U_ICU_VERSION);
    return 1;
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::LocalUSpoofCheckerPointer checker(uspoof_open(&status));
  must(status);
  const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(status);
  must(status);

  std::puts(
      "# Which characters of names look alike, in the format of UTS 39: character ; skeleton ; MA");
  std::puts(
      "# Derived from the Unicode confusables data, version 15.0, as compiled into ICU 72, and");
  std::puts("# modified: only characters that are allowed in names. Licence: LICENSE-UNICODE.txt.");
  std::puts(
      "# Made by tools/make_confusables.cpp. Do not edit: servers must agree on it for ever.");
  for (UChar32 c = 0; c <= 0x10FFFF; ++c) {
    const icu::UnicodeString text(c);
    if (!yallchat::allowed_in_names(static_cast<char32_t>(c))) continue;
    if (!nfd->isNormalized(text, status)) continue;
    icu::UnicodeString skeleton;
    uspoof_getSkeletonUnicodeString(checker.getAlias(), 0, text, skeleton, &status);
    must(status);
    if (skeleton != text) print_row(c, skeleton);
  }
  return 0;
}
