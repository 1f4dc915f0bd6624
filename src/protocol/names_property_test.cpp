// What holds of all names: generated from characters in which normal forms, case and looks meet.
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include "base/property_testing.h"
#include "protocol/names.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

using Text = icu::UnicodeString;

std::string utf8(const Text& text) {
  std::string out;
  return text.toUTF8String(out);
}
Text unicode(const std::string& text) {
  return Text::fromUTF8(text);
}

Text normalized(const Text& text, const icu::Normalizer2* (*form)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  return form(status)->normalize(text, status);
}
Text nfd(const Text& text) {
  return normalized(text, icu::Normalizer2::getNFDInstance);
}
Text nfc(const Text& text) {
  return normalized(text, icu::Normalizer2::getNFCInstance);
}
Text nfkd(const Text& text) {
  return normalized(text, icu::Normalizer2::getNFKDInstance);
}
Text folded(Text text) {
  return text.foldCase();
}

rc::Gen<UChar32> range(UChar32 first, UChar32 last) {
  return rc::gen::inRange<UChar32>(first, last + 1);
}

// Characters of which few are refused.
rc::Gen<UChar32> character() {
  return rc::gen::weightedOneOf<UChar32>(
      {{4, rc::gen::elementOf(std::vector<UChar32>{0x0345, 0x03B1, 0x0301, 0x0130, 0x0131, 0x00DF,
                                                   0x1E9E, 0x03C3, 0x03C2, 0x212A, 0xFB01, 0x0149,
                                                   0x01F0, 0x0390, 0x1FB3, 0x2126}) /* odd case */},
       {8, rc::gen::cast<UChar32>(
               rc::gen::elementOf(std::string("aAbilI10oOmnrsS_-.@~"))) /* they look alike */},
       {3, range(0x00C0, 0x024F)} /* Latin with marks */,
       {3, range(0x0300, 0x036F)} /* combining marks */,
       {2, range(0x0370, 0x03FF)} /* Greek */,
       {3, range(0x0400, 0x04FF)} /* Cyrillic */,
       {1, range(0x0591, 0x06FF)} /* Hebrew, Arabic */,
       {1, range(0x1100, 0x11FF)} /* Hangul, in parts and whole */,
       {1, range(0xAC00, 0xAC40)},
       {2, range(0x1E00, 0x1FFF)} /* Latin and Greek with more marks */,
       {1, range(0x2100, 0x214F)} /* letterlike signs */,
       {1, range(0xF900, 0xFB4F)} /* compatibility forms */,
       {2, range(0xFF10, 0xFF5A)} /* wide */,
       {1, range(0x1D400, 0x1D7FF)} /* mathematical */});
}

// 1 to 8 characters: with marks that normal forms spread, mostly less than what is allowed.
rc::Gen<std::string> name() {
  return rc::gen::map(rc::gen::nonEmpty(rc::gen::scale(
                          0.08, rc::gen::container<std::vector<UChar32>>(character()))),
                      [](const std::vector<UChar32>& points) {
                        Text text;
                        for (const UChar32 c : points) text.append(c);
                        return utf8(text);
                      });
}

// The name as somebody else might write it.
rc::Gen<std::string> respelled(const std::string& name) {
  const Text text = unicode(name);
  return rc::gen::map(
      rc::gen::element(text, nfd(text), nfc(text), nfkd(text), folded(text), Text(text).toUpper(),
                       Text(text).toLower(), nfd(Text(text).toUpper()), folded(nfkd(text))),
      utf8);
}

// The Unicode Standard, section 3.13, D146 and D145: what both keys stand for.
Text compatibility_caseless(const Text& text) {
  return nfkd(folded(nfkd(folded(nfd(text)))));
}
Text canonical_caseless(const Text& text) {
  return nfd(folded(nfd(text)));
}

RC_GTEST_PROP(NamesProperty, EveryNormalFormIsTheSameName, ()) {
  const std::string given = *name();
  const auto user = parse_user(given);
  RC_PRE(user.has_value());
  RC_ASSERT(user->text == utf8(nfc(unicode(given))));
  RC_ASSERT(parse_user(user->text).value() == *user);
  RC_ASSERT(parse_user(utf8(nfd(unicode(given)))).value() == *user);
}

RC_GTEST_PROP(NamesProperty, KeysOfUsersAreEqualExactlyWhereTheirCaselessFormsAre, ()) {
  const std::string first = *name();
  const std::string second = *rc::gen::oneOf(respelled(first), respelled(first), name());
  const auto a = parse_user(first);
  const auto b = parse_user(second);
  RC_PRE(a.has_value() && b.has_value());
  const bool same =
      compatibility_caseless(unicode(first)) == compatibility_caseless(unicode(second));
  RC_ASSERT((a->key == b->key) == same);
  RC_CLASSIFY(same, "same");
}

RC_GTEST_PROP(NamesProperty, KeysOfChannelsAreEqualExactlyWhereTheirCaselessFormsAre, ()) {
  const std::string first = *name();
  const std::string second = *rc::gen::oneOf(respelled(first), respelled(first), name());
  const auto a = parse_channel(first);
  const auto b = parse_channel(second);
  RC_PRE(a.has_value() && b.has_value());
  const bool same = canonical_caseless(unicode(first)) == canonical_caseless(unicode(second));
  RC_ASSERT((a->key == b->key) == same);
  RC_CLASSIFY(same, "same");
}

RC_GTEST_PROP(NamesProperty, AKeyIsItsOwnKey, ()) {
  const auto user = parse_user(*name());
  RC_PRE(user.has_value());
  const auto of_key = parse_user(user->key);
  RC_PRE(of_key.has_value());  // it may be longer than a name
  RC_ASSERT(of_key->key == user->key);
  RC_ASSERT(same_user(*of_key, *user));
}

RC_GTEST_PROP(NamesProperty, BeingTheSameUserHasNoDirection, ()) {
  const std::string first = *name();
  const auto a = parse_user(first);
  const auto b = parse_user(*rc::gen::oneOf(respelled(first), name()));
  RC_PRE(a.has_value() && b.has_value());
  RC_ASSERT(same_user(*a, *a));
  RC_ASSERT(same_user(*a, *b) == same_user(*b, *a));
  if (a->key == b->key) RC_ASSERT(same_user(*a, *b));
}

// Looks are compared only where one name is not ASCII, so only there a chain may break.
RC_GTEST_PROP(NamesProperty, AmongAsciiNamesThoseOfOneKeyAreTheSame, ()) {
  const auto ascii = rc::gen::nonEmpty(rc::gen::scale(
      0.03, rc::gen::container<std::string>(rc::gen::elementOf(std::string("aAlL1I0oO")))));
  const auto a = parse_user(*ascii).value();
  const auto b = parse_user(*ascii).value();
  const auto c = parse_user(*ascii).value();
  RC_ASSERT(same_user(a, b) == (a.key == b.key));
  if (same_user(a, b) && same_user(b, c)) RC_ASSERT(same_user(a, c));
}

RC_GTEST_PROP(NamesProperty, TheFormsInHeadersAndPathsCanBeUndone, ()) {
  const auto user = parse_user(*name());
  RC_PRE(user.has_value());
  const std::string header = header_form(user->text);
  for (const char c : header) RC_ASSERT(c > 0x20 && c < 0x7F);
  RC_ASSERT(percent_decode(header).value() == user->text);
  RC_ASSERT(percent_decode(percent_encode_segment(user->text)).value() == user->text);
}

RC_GTEST_PROP(PercentProperty, AnyBytesAreASegment, (const std::string& bytes)) {
  RC_ASSERT(percent_decode(percent_encode_segment(bytes)).value() == bytes);
}

}  // namespace
}  // namespace yallchat
