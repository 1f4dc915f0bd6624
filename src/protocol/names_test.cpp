#include "protocol/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/unistr.h>

#include <random>

#include "protocol/name_characters.h"

namespace yallchat {
namespace {

using namespace std::literals;
using testing::HasSubstr;

std::string utf8(char32_t c) {
  std::string out;
  return icu::UnicodeString(static_cast<UChar32>(c)).toUTF8String(out);
}

std::string times(std::size_t count, std::string_view text) {
  std::string out;
  for (; count > 0; --count) out += text;
  return out;
}

bool same(std::string_view a, std::string_view b) {
  const UserName first = parse_user(a).value();
  const UserName second = parse_user(b).value();
  EXPECT_EQ(same_user(first, second), same_user(second, first)) << a << ' ' << b;
  return same_user(first, second);
}

bool same_channel(std::string_view a, std::string_view b) {
  return parse_channel(a).value().key == parse_channel(b).value().key;
}

// --- What is a name ---

TEST(Names, LettersMarksAndDigitsOfAnyScriptAreAllowed) {
  for (const auto name :
       {"Ringo",     "a",     "0",       "_-.@~",  "...",  "a.b",      "Jos\u00e9",
        "Zo\u0308e", "Ελένη", "Наташа",  "김철수", "محمد", "مُحَمَّد",     "देवनागरी",
        "क्षत्रिय",    "தமிழ்",  "ไทย",     "שלום",   "中文", "ひらがな", "カタカナー",
        "٠١٢٣",      "०१२",   "𐐔𐐯𐑅𐐨𐑉𐐯𐐻", "𠮷野家"}) {
    const auto user = parse_user(name);
    ASSERT_TRUE(user) << name << ": " << user.error().message;
    EXPECT_FALSE(user->key.empty());
    EXPECT_FALSE(user->skeletons.empty());
    EXPECT_TRUE(parse_channel(name)) << name;
  }
}

TEST(Names, WhatIsNotANameIsRefusedInWords) {
  const std::vector<std::pair<const char*, std::vector<std::string>>> kinds{
      {"nothing, dots", {""s, "."s, ".."s}},
      {"ASCII beyond the five signs",
       {" "s,   "a b"s, "a,b"s, "a/b"s, "a%b"s, "%2F"s,   "a+b"s,  "a!"s,  "#a"s,
        "a:b"s, "a;b"s, "<a>"s, "a&b"s, "'a'"s, "\"a\""s, "a\\b"s, "a|b"s, "a=b"s,
        "*"s,   "(a)"s, "$"s,   "`"s,   "^"s,   "[a]"s,   "{a}"s,  "?"s}},
      {"controls", {"a\0b"s, "a\r\nb"s, "a\tb"s, "a\x7F"s, "\u0085"s}},
      {"spaces", {"\u00A0"s, "a\u2003b"s, "a\u2028b"s, "\u3000"s, "\u2800"s}},
      {"bidi controls", {"a\u202Eb"s, "a\u200Eb"s, "a\u2066b"s, "a\u061Cb"s}},
      {"zero width", {"a\u200Bb"s, "a\u200Cb"s, "a\u200Db"s, "a\u2060b"s, "a\uFEFFb"s, "a\u00AD"s}},
      {"variation selectors, tags", {"a\uFE0F"s, "a\U000E0101"s, "a\u180Bb"s, "\U000E0041"s}},
      {"letters and marks nobody sees",
       {"\u3164"s, "\u115F"s, "\u1160"s, "\uFFA0"s, "a\u034Fb"s, "\u17B4"s}},
      {"signs, other numbers",
       {"\u2603"s, "\U0001F419"s, "\u20AC"s, "\u2160"s, "\u00B2"s, "\u2460"s, "\u00A8"s}},
      {"other commas, percents and dots",
       {"\uFF0C"s, "\uFF05"s, "\uFF0E"s, "\u2024"s, "\uFE52"s, "\u3002"s}},
      {"private, unassigned, never assigned", {"\uE000"s, "\u0378"s, "\uFFFF"s, "\U0010FFFF"s}},
      {"composes to ASCII that is refused", {"\u1FEF"s, "\u037E"s}}};
  for (const auto& [kind, names] : kinds) {
    for (const std::string& name : names) {
      SCOPED_TRACE(kind + (": " + testing::PrintToString(name)));
      const auto user = parse_user(name);
      ASSERT_FALSE(user);
      EXPECT_EQ(user.error().code, Errc::invalid);
      EXPECT_THAT(user.error().message, HasSubstr("letters, marks, digits and _ - . @ ~"));
      EXPECT_FALSE(parse_channel(name));
    }
  }
}

TEST(Names, ALetterThatStandsForASpaceOrADotIsNoUser) {
  for (const auto name : {"\uFDFA", "\uFC5E", "\u037A", "\u0140"}) {
    const auto user = parse_user(name);
    ASSERT_FALSE(user) << name;
    EXPECT_THAT(user.error().message, HasSubstr("stands for several"));
    EXPECT_TRUE(parse_channel(name)) << name << ": a channel's key keeps it as it is";
  }
}

TEST(Names, ARefusalNamesTheCharacter) {
  EXPECT_THAT(parse_user("a b").error().message, HasSubstr("U+0020"));
  EXPECT_THAT(parse_channel("\u202Eabc").error().message, HasSubstr("U+202E"));
  EXPECT_THAT(parse_user(std::string(33, 'a')).error().message, HasSubstr("32"));
}

TEST(Names, IllFormedUtf8IsRefused) {
  for (const auto name :
       {"\xC0\xAF", "\xC1\x81", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\x80", "a\xC3", "\xE2\x82", "\xFF",
        "\xC3\x28"}) {
    ASSERT_FALSE(parse_user(name));
    EXPECT_THAT(parse_user(name).error().message, HasSubstr("UTF-8"));
    EXPECT_THAT(parse_channel(name).error().message, HasSubstr("UTF-8"));
  }
}

TEST(Names, LengthIsInCodePointsAfterComposition) {
  EXPECT_TRUE(parse_user(std::string(32, 'a')));
  EXPECT_FALSE(parse_user(std::string(33, 'a')));
  EXPECT_TRUE(parse_channel(std::string(64, 'a')));
  EXPECT_FALSE(parse_channel(std::string(65, 'a')));
  EXPECT_TRUE(parse_user(times(32, "é")));
  EXPECT_FALSE(parse_user(times(33, "é")));
  EXPECT_TRUE(parse_user(times(32, "𠮷")));
  EXPECT_FALSE(parse_user(times(33, "𠮷")));
  EXPECT_TRUE(parse_user(std::string(31, 'a') + "e\u0301")) << "33 that compose to 32";
  EXPECT_TRUE(parse_user(times(32, "\u03B1\u0313\u0300\u0345"))) << "128 that compose to 32";
  EXPECT_FALSE(parse_user(times(33, "\u03B1\u0313\u0300\u0345")));
  EXPECT_FALSE(parse_user(times(100'000, "é")));
  EXPECT_TRUE(parse_user(times(32, "ß"))) << "the key may be longer";
}

TEST(Names, TextIsComposedAndOtherwiseAsGiven) {
  EXPECT_EQ(parse_user("e\u0301").value().text, "é");
  EXPECT_EQ(parse_user("ＲＩＮＧＯ").value().text, "ＲＩＮＧＯ");
  EXPECT_EQ(parse_user("Ringo").value().text, "Ringo");
  EXPECT_EQ(parse_user("\u1112\u1161\u11AB").value().text, "한");
  EXPECT_EQ(parse_user("\u212A").value().text, "K") << "the Kelvin sign";
  EXPECT_TRUE(parse_user("\u212A").value().ascii);
  EXPECT_FALSE(parse_user("é").value().ascii);
}

// --- Which users are the same ---

TEST(Names, CaseAndWidthDoNotMakeAnotherUser) {
  EXPECT_TRUE(same("Ringo", "ringo"));
  EXPECT_TRUE(same("ｒｉｎｇｏ", "Ringo"));
  EXPECT_TRUE(same("é", "E\u0301"));
  EXPECT_TRUE(same("ﬁsh", "FISH"));
  EXPECT_TRUE(same("straße", "STRASSE"));
  EXPECT_TRUE(same("straße", "STRAẞE"));
  EXPECT_TRUE(same("ΣΊΣΥΦΟΣ", "σίσυφος"));
  EXPECT_TRUE(same("НАТАША", "наташа"));
  EXPECT_TRUE(same("𝓻𝓲𝓷𝓰𝓸", "ringo"));
  EXPECT_TRUE(same("ｶﾞ", "ガ"));
  EXPECT_TRUE(same("ᾳ", "ΑΙ"));
  EXPECT_TRUE(same("\u1FB3\u0325", "\u0391\u0325\u0399")) << "the mark stays below the alpha";
  EXPECT_EQ(parse_user("ｒｉｎｇｏ").value().key, "ringo");
}

TEST(Names, AsciiNamesThatOnlyLookAlikeAreTwoUsers) {
  EXPECT_FALSE(same("user1", "userl"));
  EXPECT_FALSE(same("modern", "modem"));
  EXPECT_FALSE(same("b0b", "bob"));
  EXPECT_FALSE(same("a.b", "a_b"));
}

TEST(Names, LettersOfAnotherAlphabetDoNotMakeAnotherUser) {
  EXPECT_TRUE(same("раul", "paul")) << "Cyrillic er, a";
  EXPECT_TRUE(same("раul", "PAUL"));
  EXPECT_TRUE(same("РАUL", "paul")) << "Cyrillic capitals";
  EXPECT_TRUE(same("ΡΑUL", "paul")) << "Greek capitals";
  EXPECT_TRUE(same("ΤΟΜ", "tom")) << "Greek throughout; its M looks like m, which looks like rn";
  EXPECT_TRUE(same("МАХ", "max")) << "Cyrillic throughout";
  EXPECT_TRUE(same("МАХ", "MAX"));
  EXPECT_TRUE(same("ΡΑUL", "раul")) << "Greek and Cyrillic";
  EXPECT_TRUE(same("ᏢAUL", "paul")) << "Cherokee";
  EXPECT_TRUE(same("pаul", "раul"));
  EXPECT_TRUE(same("user\u04C0", "user1")) << "palochka, which looks like l as 1 does";
  EXPECT_TRUE(same("ríngo", "ri\u0301ngo"));
  EXPECT_TRUE(same("rıngo", "ringo")) << "dotless i";
}

TEST(Names, DifferentNamesAreDifferentUsers) {
  EXPECT_FALSE(same("paul", "ringo"));
  EXPECT_FALSE(same("paul", "pául"));
  EXPECT_FALSE(same("José", "Jose"));
  EXPECT_FALSE(same("наташа", "natasha"));
  EXPECT_FALSE(same("김철수", "김철호"));
  EXPECT_FALSE(same("محمد", "أحمد"));
  EXPECT_FALSE(same("क", "ख"));
  EXPECT_FALSE(same("中", "文"));
}

TEST(Names, ANameThatIsOnlyCompatibleWithAsciiIsComparedByLooksToo) {
  EXPECT_TRUE(same("ｕｓｅｒ１", "userl")) << "its text is not ASCII";
}

TEST(Names, SkeletonsAreSortedAndOnce) {
  for (const auto name : {"Ringo", "I", "МАХ", "ΗELLΟ", "é", "Il1"}) {
    const auto skeletons = parse_user(name).value().skeletons;
    EXPECT_TRUE(std::adjacent_find(skeletons.begin(), skeletons.end(), std::greater_equal<>()) ==
                skeletons.end())
        << name;
  }
  EXPECT_EQ(parse_user("ringo").value().skeletons.size(), 1u);
}

// Names are in logs and states: a later version must compute the same bytes.
TEST(Names, KeysAndSkeletonsAreTheSameForEver) {
  const UserName user = parse_user("Straße_МAX").value();
  EXPECT_EQ(user.key, "strasse_мax");
  EXPECT_EQ(user.skeletons, (std::vector<std::string>{"strasse_rnax", "strasse_ʍax"}));
  EXPECT_EQ(parse_user("Tom0I").value().skeletons, (std::vector<std::string>{"tornoi", "tornol"}));
  EXPECT_EQ(parse_user("b０b").value().skeletons, std::vector<std::string>{"bob"})
      << "by way of 0 and O";
  EXPECT_EQ(parse_channel("Straße_ＭAX").value().key, "strasse_ｍax");
}

// --- Which channels are the same ---

TEST(Names, CaseDoesNotMakeAnotherChannelButWidthAndLooksDo) {
  EXPECT_TRUE(same_channel("Octopus", "octopus"));
  EXPECT_TRUE(same_channel("STRAẞE", "strasse"));
  EXPECT_TRUE(same_channel("e\u0301", "É"));
  EXPECT_TRUE(same_channel("ΌΡΟΣ", "όρος"));
  EXPECT_TRUE(same_channel("\u1FB3\u0325", "\u0391\u0325\u0399"))
      << "the mark stays below the alpha";
  EXPECT_FALSE(same_channel("ｏctopus", "octopus"));
  EXPECT_FALSE(same_channel("осtopus", "octopus"));
  EXPECT_EQ(parse_channel("Octopus").value().text, "Octopus");
}

// --- Over all characters ---

TEST(Names, EveryAllowedCharacterHasAKeyThatStaysAndIsAName) {
  int refused = 0;
  for (char32_t c = 0x80; c <= 0x10FFFF; ++c) {
    if (!allowed_in_names(c)) continue;
    const auto user = parse_user(utf8(c));
    if (!user) {
      ++refused;
      continue;
    }
    ASSERT_FALSE(user->skeletons.front().empty()) << std::hex << std::uint32_t{c};
    ASSERT_EQ(user->key.find('.'), std::string::npos) << "no letter may become a dot";
    const auto again = parse_user(user->key);
    ASSERT_TRUE(again) << std::hex << std::uint32_t{c};
    ASSERT_EQ(again->key, user->key) << std::hex << std::uint32_t{c};
    const auto channel = parse_channel(utf8(c));
    ASSERT_TRUE(channel) << std::hex << std::uint32_t{c};
    ASSERT_EQ(parse_channel(channel->key).value().key, channel->key)
        << std::hex << std::uint32_t{c};
  }
  EXPECT_EQ(refused, 19) << "letters that stand for something with a space or a middle dot";
}

TEST(Names, TheSameCharactersAreAllowedAsInUnicode15) {
  int allowed = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) allowed += allowed_in_names(c) ? 1 : 0;
  EXPECT_EQ(allowed, 138'972);
}

TEST(Names, RandomBytesDoNoHarm) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    (void)parse_user(bytes);
    (void)parse_channel(bytes);
  }
}

TEST(Names, RandomNamesAreStable) {
  std::mt19937_64 random(1);
  std::vector<char32_t> allowed;
  for (char32_t c = 0; c <= 0x10FFFF; ++c)
    if (allowed_in_names(c) && (c < 0x3000 || c % 64 == 0 || c > 0xF900)) allowed.push_back(c);
  int names = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::string name;
    for (auto n = 1 + random() % 4; n > 0; --n) name += utf8(allowed[random() % allowed.size()]);
    const auto user = parse_user(name);
    if (!user) continue;
    ++names;
    EXPECT_EQ(parse_user(user->text).value(), *user) << name;
    EXPECT_EQ(parse_user(user->key).value().key, user->key) << name;
    EXPECT_TRUE(same_user(*user, parse_user(user->key).value())) << name;
    const ChannelName channel = parse_channel(name).value();
    EXPECT_EQ(parse_channel(channel.key).value().key, channel.key) << name;
  }
  EXPECT_GT(names, 9'000);
}

// --- UTF-8 and headers ---

TEST(Utf8, IsStrictWhereverTheBytesAre) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("\0"sv));
  EXPECT_TRUE(is_utf8("\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\U00010000\U0010FFFF"));
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string prefix(before, 'x');
    for (const auto bad : {"\x80", "\xC0\x80", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82",
                           "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF0\x9F\x90", "\xFE"}) {
      EXPECT_FALSE(is_utf8(prefix + bad)) << before;
      EXPECT_FALSE(is_utf8(prefix + bad + "then ASCII again")) << before;
    }
    EXPECT_TRUE(is_utf8(prefix + "\U0001F419" + "then ASCII again"));
  }
}

TEST(Names, AHeadersFormIsAscii) {
  EXPECT_EQ(header_form("Ringo"), "Ringo");
  EXPECT_EQ(header_form("José"), "Jos%C3%A9");
}

}  // namespace
}  // namespace yallchat
