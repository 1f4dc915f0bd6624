#include "wechat/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace yallchat {
namespace {

std::variant<Options, EarlyExit> parse(std::vector<const char*> args) {
  args.insert(args.begin(), "wechat");
  return parse_options(static_cast<int>(args.size()), args.data());
}

TEST(Options, HaveTheDefaultsOfTheManual) {
  const auto options = std::get<Options>(parse({"ringo", "h/chats/octopus/83"}));
  EXPECT_EQ(options.user, "ringo");
  EXPECT_EQ(options.url.from, Seqnr(83));
  EXPECT_EQ(options.interval.count(), 1'000);
  EXPECT_FALSE(options.retry);
  EXPECT_FALSE(options.json || options.follow || options.poll || options.quiet || options.verbose);
}

TEST(Options, ATimeIsADurationOrSeconds) {
  const auto interval = [](const char* text) {
    const auto parsed = parse({"ringo", "h/chats/x", "--interval", text});
    const auto* const options = std::get_if<Options>(&parsed);
    return options == nullptr ? -1 : options->interval.count();
  };
  EXPECT_EQ(interval("500ms"), 500);
  EXPECT_EQ(interval("2m"), 120'000);
  EXPECT_EQ(interval("2"), 2'000);
  EXPECT_EQ(interval("0.25"), 250);
  for (const char* const text : {"", "x", "-1", "1x", "nan", "inf", "1e9", "99999999999999999h",
                                 "9999999999999999999999", "0", "1ms"})
    EXPECT_EQ(interval(text), -1) << text;
}

TEST(Options, HelpAndVersionWinOverWhatIsMissing) {
  for (const char* const flag : {"-h", "--help", "-V", "--version"}) {
    EXPECT_EQ(std::get<EarlyExit>(parse({flag})).code, 0) << flag;
    EXPECT_EQ(std::get<EarlyExit>(parse({"ringo", flag, "--nonsense"})).code, 0) << flag;
  }
}

TEST(Options, WrongUsageIsExplained) {
  const auto exit = std::get<EarlyExit>(parse({"ringo"}));
  EXPECT_EQ(exit.code, 2);
  EXPECT_NE(exit.text.find("wechat: error: URL is required"), std::string::npos);
}

// The line after the usage.
std::string error(const std::vector<const char*>& args) {
  const auto parsed = parse(args);
  const auto* const exit = std::get_if<EarlyExit>(&parsed);
  return exit == nullptr ? "none" : exit->text.substr(exit->text.find('\n') + 1);
}

TEST(Options, AWrongUrlIsOneLineWithAnExampleAfterOneLineOfUsage) {
  EXPECT_EQ(error({"ringo", "my.chat.server"}),
            "wechat: error: URL: it names no chat; write it as in my.chat.server/chats/octopus\n");
}

TEST(Options, ArgumentsThatAreNotExpectedAreNamedInTheirOrder) {
  EXPECT_EQ(error({"--one", "ringo", "h/chats/x", "two", "--three"}),
            "wechat: error: not expected: --one two --three\n");
  EXPECT_EQ(error({"--one"}), "wechat: error: not expected: --one\n");
}

TEST(Options, AWrongTimeIsAnsweredWithAllThatIsOne) {
  EXPECT_EQ(error({"ringo", "h/chats/x", "--interval", "abc"}),
            "wechat: error: --interval: 'abc' is not a time: write 500ms, 60s, 2m, 24h or a number "
            "of seconds as 0.5\n");
}

TEST(Options, HelpListsEveryExitCode) {
  const std::string help = std::get<EarlyExit>(parse({"--help"})).text;
  for (const char* const code : {"0", "1", "2", "3", "4", "129", "130", "141", "143"})
    EXPECT_NE(help.find("\n  " + std::string(code) + " "), std::string::npos) << code;
}

TEST(Options, ColoursAreOneOfThree) {
  const auto colour = [](const char* when) {
    return std::get<Options>(parse({"--color", when, "ringo", "h/chats/x"})).colour;
  };
  EXPECT_EQ(std::get<Options>(parse({"ringo", "h/chats/x"})).colour, Colour::automatic);
  EXPECT_EQ(colour("auto"), Colour::automatic);
  EXPECT_EQ(colour("always"), Colour::always);
  EXPECT_EQ(colour("never"), Colour::never);
  EXPECT_THAT(error({"--color", "red", "ringo", "h/chats/x"}),
              testing::HasSubstr("--color: 'red' is none of auto, always, never"));
}

TEST(Options, ASearchHasWordsAndALimit) {
  const auto options =
      std::get<Options>(parse({"--search", "late drummer", "--limit", "7", "ringo", "h/chats/x"}));
  EXPECT_EQ(options.search, "late drummer");
  EXPECT_EQ(options.limit, 7U);
  EXPECT_FALSE(options.is_chat());
  for (const char* const limit : {"0", "-1", "x", "10001", "1.5", ""})
    EXPECT_THAT(error({"--search", "x", "--limit", limit, "ringo", "h/chats/x"}),
                testing::HasSubstr("--limit"))
        << limit;
  for (const char* const words : {"", " ", "\"\"", "\xff"})
    EXPECT_THAT(error({"--search", words, "ringo", "h/chats/x"}), testing::HasSubstr("--search"));
  EXPECT_THAT(error({"--search", "x", "ringo", "h/chats/x/83"}), testing::HasSubstr("number"));
  for (const char* const other : {"--follow", "--poll"})
    EXPECT_NE(error({"--search", "x", other, "ringo", "h/chats/x"}), "none") << other;
  EXPECT_NE(error({"--limit", "7", "ringo", "h/chats/x"}), "none");
}

TEST(Options, ANameAfterTwoDashesMayBeginWithOne) {
  EXPECT_EQ(std::get<Options>(parse({"--", "-ringo", "h/chats/x"})).user, "-ringo");
}

}  // namespace
}  // namespace yallchat
