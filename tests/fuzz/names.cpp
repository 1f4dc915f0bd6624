// Names: two of them, one a line, as they come out of a path.
#include "protocol/names.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "fuzz.h"
#include "protocol/partition.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

icu::UnicodeString unicode(std::string_view utf8) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
}

// What no name may hold, told by other properties than those by which names are checked.
bool forbidden(UChar32 c) {
  return u_isUWhiteSpace(c) || u_iscntrl(c) || u_charType(c) == U_FORMAT_CHAR ||
         u_charType(c) == U_UNASSIGNED || u_charType(c) == U_PRIVATE_USE_CHAR ||
         u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL) ||
         (c < 0x80 && u_ispunct(c) &&
          std::string_view("_-.@").find(static_cast<char>(c)) == std::string_view::npos);
}

void check_text(const std::string& text, std::size_t limit) {
  CHECK(is_utf8(text), "a name is UTF-8");
  CHECK(text != "." && text != "..", "no name means something in a path");
  const icu::UnicodeString points = unicode(text);
  CHECK(!points.isEmpty() && static_cast<std::size_t>(points.countChar32()) <= limit,
        "a name has its length");
  for (std::int32_t i = 0; i < points.length(); i = points.moveIndex32(i, 1))
    CHECK(!forbidden(points.char32At(i)), "a name has no such character");
  UErrorCode status = U_ZERO_ERROR;
  CHECK(icu::Normalizer2::getNFCInstance(status)->isNormalized(points, status), "a name is NFC");

  const std::string header = header_form(text);
  CHECK(
      is_clean(header) && std::all_of(header.begin(), header.end(),
                                      [](char c) { return static_cast<unsigned char>(c) < 0x80; }),
      "a header's value is ASCII");
  const auto from_header = percent_decode(header);
  CHECK(from_header && *from_header == text, "the header form can be undone");
  const auto from_path = percent_decode(percent_encode_segment(text));
  CHECK(from_path && *from_path == text, "so can the form in a path");
}

void check_refusal(const Error& error) {
  CHECK(error.code == Errc::invalid && is_clean(error.message), "it can stand in a header");
}

void check_user(const UserName& user) {
  check_text(user.text, limits::user_code_points);
  const auto again = parse_user(user.text);
  CHECK(again && *again == user, "a name that was read is read the same");
  if (const auto of_key = parse_user(user.key)) {
    CHECK(of_key->key == user.key, "a key is its own key");
    CHECK(same_user(*of_key, user) && same_user(user, *of_key), "who has the key is the same");
  }
  CHECK(same_user(user, user), "everybody is who he is");
  CHECK(
      !user.skeletons.empty() && std::is_sorted(user.skeletons.begin(), user.skeletons.end()) &&
          std::adjacent_find(user.skeletons.begin(), user.skeletons.end()) == user.skeletons.end(),
      "skeletons are sorted and unique");
}

void check_channel(const ChannelName& channel) {
  check_text(channel.text, limits::channel_code_points);
  const auto again = parse_channel(channel.text);
  CHECK(again && *again == channel, "a name that was read is read the same");
  if (const auto of_key = parse_channel(channel.key)) {
    CHECK(of_key->key == channel.key, "a key is its own key");
    CHECK(partition_of(of_key->key, 16) == partition_of(channel.key, 16), "and in its partition");
  }
}

void check_name(std::string_view name) {
  const auto user = parse_user(name);
  const auto channel = parse_channel(name);
  if (user)
    check_user(*user);
  else
    check_refusal(user.error());
  if (channel)
    check_channel(*channel);
  else
    check_refusal(channel.error());
  CHECK(!user || channel, "what a user may be called, a channel may");
  if (user && channel) CHECK(user->text == channel->text, "both have one normal form");
}

void check_pair(std::string_view first, std::string_view second) {
  const auto a = parse_user(first);
  const auto b = parse_user(second);
  if (!a || !b) return;
  CHECK(same_user(*a, *b) == same_user(*b, *a), "being the same has no direction");
  if (a->text == b->text || a->key == b->key) CHECK(same_user(*a, *b), "the same to who reads it");
}

}  // namespace
}  // namespace yallchat

int fuzz_names(const std::uint8_t* data, std::size_t size) {
  using namespace yallchat;
  const std::string_view input = text_of_input(data, size);
  const std::size_t line = input.find('\n');
  check_name(input.substr(0, line));
  if (line == input.npos) return 0;
  check_name(input.substr(line + 1));
  check_pair(input.substr(0, line), input.substr(line + 1));
  return 0;
}
