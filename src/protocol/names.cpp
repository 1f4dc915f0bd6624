#include "protocol/names.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "base/check.h"
#include "base/limits.h"
#include "protocol/confusables.h"
#include "protocol/name_characters.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

using Text = icu::UnicodeString;

Error invalid(std::string why) {
  return {Errc::invalid, std::move(why) + "; a name is of letters, marks, digits and _ - . @ ~"};
}

Error refused_character(char32_t c) {
  std::array<char, 16> point;
  std::snprintf(point.data(), point.size(), "U+%04X", static_cast<unsigned>(c));
  return invalid(std::string("the character ") + point.data() + " is not allowed in a name");
}

Error too_long(std::size_t limit) {
  return invalid("the name is longer than " + std::to_string(limit) + " characters");
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

bool is_dots(std::string_view text) {
  return text == "." || text == "..";
}

// --- Names of ASCII only, which most are, without ICU ---

// What is wrong with it, if anything.
std::optional<Error> check_ascii(std::string_view name, std::size_t limit) {
  if (name.empty()) return invalid("the name is empty");
  if (is_dots(name)) return invalid("'.' and '..' are not names");
  for (const char c : name)
    if (!ascii_allowed_in_names[static_cast<unsigned char>(c)])
      return refused_character(static_cast<unsigned char>(c));
  if (name.size() > limit) return too_long(limit);
  return std::nullopt;
}

std::string lower_ascii(std::string_view name) {
  std::string key(name);
  for (char& c : key)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return key;
}

// --- All others ---

std::string utf8(const Text& text) {
  std::string out;
  return text.toUTF8String(out);
}

using Form = const icu::Normalizer2* (*)(UErrorCode&);

Text normalized(const Text& text, Form form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = form(status);
  CHECK(U_SUCCESS(status), u_errorName(status));
  Text result = normalizer->normalize(text, status);
  CHECK(U_SUCCESS(status), u_errorName(status));
  return result;
}

Text nfc(const Text& text) {
  return normalized(text, icu::Normalizer2::getNFCInstance);
}
Text nfd(const Text& text) {
  return normalized(text, icu::Normalizer2::getNFDInstance);
}

// Both foldings begin at NFD, as the Unicode Standard defines caseless matching (3.13, D145 and
// D147): the combining iota folds to a letter, and must do so where canonical order has put it.
// Neither changes its own result again, which a test shows for every allowed character.
Text nfkc_folded(const Text& text) {
  return normalized(nfd(text), icu::Normalizer2::getNFKCCasefoldInstance);
}

Text nfc_folded(const Text& text) {
  return nfc(nfd(text).foldCase());
}

std::optional<char32_t> first_refused(const Text& text) {
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1))
    if (const auto c = static_cast<char32_t>(text.char32At(i)); !allowed_in_names(c)) return c;
  return std::nullopt;
}

// The name in NFC, when the rules allow it.
Result<Text> checked_text(std::string_view name, std::size_t limit) {
  // NFC shortens no text to less than a quarter of its code points, and one takes 4 bytes at most.
  if (name.size() > limit * 16) return too_long(limit);
  if (!is_utf8(name)) return invalid("the name is not well-formed UTF-8");
  const Text given =
      Text::fromUTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())));
  if (const auto c = first_refused(given)) return refused_character(*c);
  Text text = nfc(given);
  if (const auto c = first_refused(text)) return refused_character(*c);
  if (static_cast<std::size_t>(text.countChar32()) > limit) return too_long(limit);
  return text;
}

// A user's key that is no name itself comes from letters that stand for a sequence with a space or
// other sign in it, such as U+FDFA or U+013F.
std::optional<Error> check_user_key(const Text& key) {
  const auto c = first_refused(key);
  if (!c) return std::nullopt;
  Error error = refused_character(*c);
  error.message.insert(0, "a letter of the name stands for several characters, and of these ");
  return error;
}

// What a text looks like to somebody who does not mind case, which lets the capitals of one
// alphabet stand for the small letters of another: U+041C (Cyrillic) looks like M, that is m, and
// that looks like rn. So skeleton and folding are repeated until nothing changes; no allowed
// character takes more than 3 rounds.
Text caseless_skeleton(const Text& text) {
  Text result = skeleton(text);
  for (int round = 0; round < 4; ++round) {
    Text next = skeleton(nfkc_folded(result));
    if (next == result) break;
    result = std::move(next);
  }
  return result;
}

// 1 to 3 us a name, also an ASCII one: paid at a join, not by every request.
std::vector<std::string> skeletons_of(const Text& text, const Text& key) {
  std::vector<std::string> skeletons{utf8(caseless_skeleton(text))};
  if (key != text) skeletons.push_back(utf8(caseless_skeleton(key)));
  std::sort(skeletons.begin(), skeletons.end());
  skeletons.erase(std::unique(skeletons.begin(), skeletons.end()), skeletons.end());
  return skeletons;
}

}  // namespace

Result<UserName> parse_user(std::string_view name) {
  if (is_ascii(name)) {
    if (auto error = check_ascii(name, limits::user_code_points)) return *std::move(error);
    std::string key = lower_ascii(name);
    auto skeletons = skeletons_of(Text::fromUTF8(name), Text::fromUTF8(key));
    return UserName{std::string(name), std::move(key), std::move(skeletons), true};
  }
  const auto text = checked_text(name, limits::user_code_points);
  if (!text) return text.error();
  const Text key = nfkc_folded(*text);
  if (auto error = check_user_key(key)) return *std::move(error);
  UserName user{utf8(*text), utf8(key), skeletons_of(*text, key)};
  user.ascii = is_ascii(user.text);
  return user;
}

Result<ChannelName> parse_channel(std::string_view name) {
  if (is_ascii(name)) {
    if (auto error = check_ascii(name, limits::channel_code_points)) return *std::move(error);
    return ChannelName{std::string(name), lower_ascii(name)};
  }
  const auto text = checked_text(name, limits::channel_code_points);
  if (!text) return text.error();
  return ChannelName{utf8(*text), utf8(nfc_folded(*text))};
}

std::string header_form(std::string_view name) {
  return percent_encode_non_ascii(name);
}

bool same_user(const UserName& a, const UserName& b) {
  if (a.key == b.key) return true;
  if (a.ascii && b.ascii) return false;
  return std::any_of(a.skeletons.begin(), a.skeletons.end(), [&b](const std::string& skeleton) {
    return std::binary_search(b.skeletons.begin(), b.skeletons.end(), skeleton);
  });
}

}  // namespace yallchat
