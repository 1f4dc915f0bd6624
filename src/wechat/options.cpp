#include "wechat/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "base/duration.h"
#include "base/limits.h"
#include "protocol/names.h"
#include "wechat/terminal_text.h"

namespace yallchat {
namespace {

constexpr std::string_view version = "wechat " YALLCHAT_VERSION;

constexpr std::string_view usage =
    "usage: wechat [-h] [-V] [--interval TIME] [--retry TIME] [--color WHEN] [-v]\n"
    "              USERNAME URL\n"
    "       wechat [--line] [--interval TIME] [--retry TIME] [--follow | --poll]\n"
    "              [--json] [-q] [-v] USERNAME URL\n"
    "       wechat --search WORDS [--limit N] [--json] [--color WHEN] [-v] USERNAME URL\n"
    "       wechat -b URL1 URL2 [URL...]     (a bridge: wechat -b --help)\n";

constexpr std::string_view short_usage =
    "usage: wechat [OPTIONS] USERNAME URL (more: wechat --help)\n";

constexpr std::string_view help =
    "\nJoin a chat on any WeChat server. On a terminal it fills the screen: type /help\n"
    "there. With pipes, or one of the options that say \"line mode\", it sends each line\n"
    "of standard input, and prints what is said.\n"
    "\n"
    "positional arguments:\n"
    "  USERNAME         your name in the chat\n"
    "  URL              my.chat.server/chats/octopus; without a scheme http, without a\n"
    "                   port 8000; with a number at the end (/chats/octopus/83) the\n"
    "                   backlog from that message on\n"
    "\n"
    "options:\n"
    "  -h, --help       show this help and exit\n"
    "  -V, --version    show the version and exit\n"
    "  --interval TIME  ask for news this often when there are none, and the server does\n"
    "                   not tell them by itself (default: 1s)\n"
    "  --retry TIME     when the connection is lost, try again for so long (default: 60s;\n"
    "                   on the full screen as long as it takes)\n"
    "  --color WHEN     auto, always or never; auto is a terminal, unless NO_COLOR is set\n"
    "  -v, --verbose    show every request on standard error (unless the screen is there)\n"
    "  --line           line mode, on a terminal too\n"
    "\n"
    "options of line mode:\n"
    "  --follow         go on listening after the end of the input\n"
    "  --poll           print the backlog, from the number in the URL or else from the\n"
    "                   oldest message kept, and exit; nothing is read or sent\n"
    "  --search WORDS   print the messages with all these words, or parts of words, the\n"
    "                   newest last, and exit; \"words in quotes\" as they stand\n"
    "  --limit N        of the hits of a search the newest N (default: 100)\n"
    "  --json           print each event as one line of JSON\n"
    "  -q, --quiet      print only messages: no lines that begin with '*'\n"
    "\n"
    "exit codes:\n"
    "  0    all is well: every line was sent; with --poll, the backlog was printed\n"
    "  1    the server could not be reached at first, or not again within --retry; or\n"
    "       standard output failed\n"
    "  2    wrong usage, or a mistake in the configuration of the full screen; with\n"
    "       --search also words that mean nothing to the server\n"
    "  3    the name is taken, the channel refused, or some line was not accepted; with\n"
    "       --search also a server that cannot search\n"
    "  4    with --search: what is 1 otherwise, for there 1 means that nothing was found\n"
    "  130  ended by SIGINT (Ctrl-C)\n"
    "  143  ended by SIGTERM (kill)\n"
    "  129  ended by SIGHUP\n"
    "  141  the reader of standard output went away, as in wechat ... | head\n"
    "\n"
    "examples:\n"
    "  wechat ringo my.chat.server/chats/octopus\n"
    "  echo hello | wechat ringo my.chat.server/chats/octopus\n"
    "  wechat --poll me my.chat.server/chats/octopus/83\n"
    "  wechat --search 'late drummer' me my.chat.server/chats/octopus\n"
    "  wechat --follow --json logger my.chat.server/chats/octopus </dev/null >>octopus.ndjson\n";

constexpr std::chrono::milliseconds shortest_interval{10};
constexpr std::chrono::hours longest{24 * 365};

EarlyExit wrong(const std::string& what) {
  return {2, std::string(short_usage) + "wechat: error: " + terminal_text(what) + "\n"};
}

// A bare number is seconds.
Result<std::chrono::milliseconds> parse_time(const std::string& option, const std::string& text) {
  double seconds = 0;
  const char* const last = text.data() + text.size();
  const auto [end, problem] = std::from_chars(text.data(), last, seconds, std::chars_format::fixed);
  const bool bare = problem == std::errc{} && end == last;
  const Result<std::chrono::milliseconds> time = parse_duration(text);
  if (!bare && !time)
    return Error{Errc::invalid,
                 option + ": '" + text +
                     "' is not a time: write 500ms, 60s, 2m, 24h or a number of seconds as 0.5"};
  // Negated, so that "nan" is refused too.
  if (bare && !(seconds >= 0 && seconds <= std::chrono::duration<double>(longest).count()))
    return Error{Errc::invalid, option + ": '" + text + "' is out of range"};
  if (!bare && *time > longest)
    return Error{Errc::invalid, option + ": '" + text + "' is out of range"};
  return bare ? std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)) : *time;
}

bool can_be_a_name(const std::string& user) {
  const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
  return !user.empty() && is_utf8(user) && std::none_of(user.begin(), user.end(), control);
}

// In the order of the command line, which CLI11's own message turns round.
std::string unexpected(const std::vector<std::string>& args) {
  std::string words = "not expected:";
  for (const std::string& arg : args) words += " " + arg;
  return words;
}

Result<std::size_t> parse_limit(const std::string& text) {
  std::size_t limit = 0;
  const char* const last = text.data() + text.size();
  const auto [end, problem] = std::from_chars(text.data(), last, limit);
  if (problem != std::errc{} || end != last || limit == 0 || limit > limits::client_search_hits)
    return Error{Errc::invalid, "--limit: must be a number from 1 to " +
                                    std::to_string(limits::client_search_hits)};
  return limit;
}

Result<Colour> parse_colour(const std::string& text) {
  if (text == "auto") return Colour::automatic;
  if (text == "always") return Colour::always;
  if (text == "never") return Colour::never;
  return Error{Errc::invalid, "--color: '" + text + "' is none of auto, always, never"};
}

bool can_be_searched(const std::string& words) {
  return is_utf8(words) && words.find_first_not_of(" \"") != std::string::npos;
}

struct Raw {
  std::string url;
  std::string interval = "1s";
  std::optional<std::string> retry = {};
  std::string limit = "100";
  std::string colour = "auto";
};

void declare(CLI::App& app, Options& options, Raw& raw) {
  app.set_version_flag("-V,--version", std::string(version));
  app.add_option("USERNAME", options.user)->required();
  app.add_option("URL", raw.url)->required();
  app.add_option("--interval", raw.interval);
  app.add_option("--retry", raw.retry);
  auto* const follow = app.add_flag("--follow", options.follow);
  auto* const poll = app.add_flag("--poll", options.poll)->excludes(follow);
  auto* const search = app.add_option("--search", options.search)->excludes(follow)->excludes(poll);
  app.add_option("--limit", raw.limit)->needs(search);
  app.add_flag("--line", options.line);
  app.add_flag("--json", options.json);
  app.add_option("--color", raw.colour);
  app.add_flag("-q,--quiet", options.quiet);
  app.add_flag("-v,--verbose", options.verbose);
}

std::variant<Options, EarlyExit> checked(Options options, const Raw& raw) {
  if (!can_be_a_name(options.user))
    return wrong("USERNAME: must be UTF-8, not empty, without control characters");
  const Result<ChatUrl> url = parse_chat_url(raw.url);
  if (!url) return wrong("URL: " + url.error().message);
  const auto interval = parse_time("--interval", raw.interval);
  if (!interval) return wrong(interval.error().message);
  if (*interval < shortest_interval) return wrong("--interval: must be at least 10ms");
  if (raw.retry) {
    const auto retry = parse_time("--retry", *raw.retry);
    if (!retry) return wrong(retry.error().message);
    options.retry = *retry;
  }
  const auto limit = parse_limit(raw.limit);
  if (!limit) return wrong(limit.error().message);
  const auto colour = parse_colour(raw.colour);
  if (!colour) return wrong(colour.error().message);
  if (options.search && !can_be_searched(*options.search))
    return wrong("--search: must be UTF-8, and hold more than spaces");
  if (options.search && url->from) return wrong("URL: with --search there is no number at its end");
  options.limit = *limit;
  options.colour = *colour;
  options.url = *url;
  options.interval = *interval;
  return options;
}

}  // namespace

std::variant<Options, EarlyExit> parse_options(int argc, const char* const* argv) {
  Options options;
  Raw raw;
  CLI::App app;
  try {
    declare(app, options, raw);
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return EarlyExit{0, std::string(usage) + std::string(help)};
  } catch (const CLI::CallForVersion&) {
    return EarlyExit{0, std::string(version) + "\n"};
  } catch (const CLI::Error& problem) {
    const std::vector<std::string> extra = app.remaining();
    return wrong(extra.empty() ? problem.what() : unexpected(extra));
  }
  return checked(std::move(options), raw);
}

}  // namespace yallchat
