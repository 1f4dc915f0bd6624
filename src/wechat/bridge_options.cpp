#include "wechat/bridge_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/duration.h"
#include "bridge/hops.h"
#include "bridge/label.h"
#include "protocol/names.h"
#include "wechat/terminal_text.h"

namespace yallchat {
namespace {

constexpr std::string_view usage =
    "usage: wechat -b [--channel C]... [--label URL=NAME]... [--as NAME] [--state DIR]\n"
    "              [--interval TIME] [--one-way] [--dry-run] [--json] [-v]\n"
    "              URL1 URL2 [URL...]\n";

constexpr std::string_view help =
    "\nMake channels of several WeChat servers one: what is said in one is said in all,\n"
    "once and in order, by whoever said it. Runs until it is stopped; started again it\n"
    "carries what was said meanwhile.\n"
    "\n"
    "positional arguments:\n"
    "  URL               my.chat.server, or my.chat.server/chats/octopus for one channel;\n"
    "                    without a scheme http, without a port 8000\n"
    "\n"
    "options:\n"
    "  --channel C       this channel, where the URL names none; may be repeated. Without\n"
    "                    it: all that the servers list, looked for every 10 s\n"
    "  --label URL=NAME  ringo of that server is ringo@NAME elsewhere (default: its host)\n"
    "  --as NAME         the bridge's own name (default: bridge; bridge-2... where taken)\n"
    "  --state DIR       where it remembers how far it is (default: in XDG_STATE_HOME, or\n"
    "                    ~/.local/state)\n"
    "  --interval TIME   ask for news this often where a server does not tell them by\n"
    "                    itself (default: 1s)\n"
    "  --one-way         only from URL1 to the others\n"
    "  --dry-run         say what would be carried, from now on; say nothing in any chat\n"
    "  --json            print each change as one line of JSON\n"
    "  -v, --verbose     show every request on standard error\n"
    "  -h, --help        show this help and exit\n"
    "\n"
    "exit codes:\n"
    "  0  stopped by SIGINT, SIGTERM or SIGHUP\n"
    "  1  its state cannot be read or written, or another bridge has it; or standard\n"
    "     output failed\n"
    "  2  wrong usage, or no channel is named and no server lists its channels\n"
    "\n"
    "examples:\n"
    "  wechat -b my.chat.server your.chat.server --channel octopus\n"
    "  wechat -b my.chat.server/chats/octopus your.chat.server/chats/squid\n";

constexpr std::chrono::milliseconds shortest_interval{10};

EarlyExit wrong(const std::string& what) {
  return {2, std::string(usage) + "wechat: error: " + terminal_text(what) + "\n"};
}

struct Raw {
  std::vector<std::string> urls;
  std::vector<std::string> labels;
  std::string interval = "1s";
};

void declare(CLI::App& app, BridgeRunOptions& options, Raw& raw) {
  app.add_flag("-b,--bridge");
  app.add_option("URL", raw.urls)->required();
  app.add_option("--channel", options.bridge.channels)->allow_extra_args(false);
  app.add_option("--label", raw.labels)->allow_extra_args(false);
  app.add_option("--as", options.bridge.own);
  app.add_option("--state", options.state);
  app.add_option("--interval", raw.interval);
  app.add_flag("--one-way", options.bridge.one_way);
  app.add_flag("--dry-run", options.bridge.dry);
  app.add_flag("--json", options.json);
  app.add_flag("-v,--verbose", options.verbose);
}

Error invalid(const std::string& what) {
  return {Errc::invalid, what};
}

// By the root of the URL.
Result<std::map<std::string, std::string>> given_labels(const std::vector<std::string>& raw) {
  std::map<std::string, std::string> labels;
  for (const std::string& one : raw) {
    const auto at = one.rfind('=');
    if (at == std::string::npos)
      return invalid("--label: write URL=NAME, as in my.chat.server=mine");
    const Result<ServerUrl> url = parse_server_url(one.substr(0, at));
    if (!url) return invalid("--label: " + url.error().message);
    if (!labels.emplace(url->root, one.substr(at + 1)).second)
      return invalid("--label: " + url->root + " is given two labels");
  }
  return labels;
}

Result<void> read_servers(const Raw& raw, BridgeOptions& options) {
  if (raw.urls.size() < 2) return invalid("URL: a bridge has two ends at least");
  auto labels = given_labels(raw.labels);
  if (!labels) return labels.error();
  for (const std::string& text : raw.urls) {
    const Result<ServerUrl> url = parse_server_url(text);
    if (!url) return invalid("URL: " + url.error().message);
    const auto given = labels->find(url->root);
    std::string label = given == labels->end() ? default_label(*url) : given->second;
    if (const Result<void> fit = check_label(label); !fit)
      return invalid("'" + label + "' cannot be the label of " + text + ": " + fit.error().message +
                     "; give it one with --label " + text + "=NAME");
    // As servers make it of what others are called.
    label = parse_user(label)->text;
    options.servers.push_back({.url = *url, .label = std::move(label)});
  }
  for (const auto& [root, label] : *labels)
    if (std::ranges::none_of(options.servers, [&](const auto& s) { return s.url.root == root; }))
      return invalid("--label: " + root + " is none of the servers");
  return {};
}

// Of two ends that would be one, or would look like one.
Result<void> check_apart(const BridgeOptions& options) {
  for (auto one = options.servers.begin(); one != options.servers.end(); ++one)
    for (auto other = one + 1; other != options.servers.end(); ++other) {
      const bool same_server = one->url.root == other->url.root;
      if (same_server && (!one->url.channel || !other->url.channel ||
                          channel_key(*one->url.channel) == channel_key(*other->url.channel)))
        return invalid("URL: " + one->url.root +
                       " is there twice; two ends on one server name different channels");
      if (!same_server && same_label(one->label, other->label))
        return invalid("'" + one->label +
                       "' would be the label of two servers; give one of them "
                       "another with --label " +
                       other->url.root + "=NAME");
    }
  return {};
}

Result<void> check_channels(const BridgeOptions& options) {
  const bool named = std::ranges::any_of(
      options.servers, [](const auto& server) { return server.url.channel.has_value(); });
  if (named && options.channels.size() > 1)
    return invalid("--channel: where a URL names a channel there is one for all others at most");
  for (const std::string& channel : options.channels)
    if (channel.empty() || channel == "." || channel == ".." || !is_utf8(channel))
      return invalid("--channel: '" + channel + "' is no channel");
  return {};
}

// A directory for each set of servers, so that several bridges of one user do not meet.
Result<std::string> default_state(const BridgeOptions& options) {
  const auto variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  std::string state = variable("XDG_STATE_HOME");
  if (!state.starts_with('/')) {
    if (variable("HOME").empty()) return invalid("there is no HOME: give --state DIR");
    state = variable("HOME") + "/.local/state";
  }
  std::string labels;
  for (const auto& server : options.servers) labels += (labels.empty() ? "" : "+") + server.label;
  return state + "/wechat/bridge/" + labels;
}

Result<void> complete(BridgeRunOptions& options, const Raw& raw) {
  BridgeOptions& bridge = options.bridge;
  if (const auto read = read_servers(raw, bridge); !read) return read;
  if (const auto apart = check_apart(bridge); !apart) return apart;
  if (const auto fit = check_channels(bridge); !fit) return fit;
  const auto name = parse_user(bridge.own);
  if (!name || bridge.own.find('@') != std::string::npos)
    return invalid("--as: '" + bridge.own + "' cannot be a bridge's name");
  bridge.own = name->text;
  const auto interval = parse_duration(raw.interval);
  if (!interval || *interval < shortest_interval)
    return invalid("--interval: write a time as 500ms, 1s or 2m, of at least 10ms");
  bridge.interval = *interval;
  if (!options.state.empty() || bridge.dry) return {};
  auto state = default_state(bridge);
  if (!state) return state.error();
  options.state = std::move(*state);
  return {};
}

}  // namespace

bool is_bridge(int argc, const char* const* argv) {
  return std::any_of(argv + 1, argv + argc, [](std::string_view argument) {
    return argument == "-b" || argument == "--bridge";
  });
}

std::variant<BridgeRunOptions, EarlyExit> parse_bridge_options(int argc, const char* const* argv) {
  BridgeRunOptions options;
  Raw raw;
  CLI::App app;
  try {
    declare(app, options, raw);
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return EarlyExit{0, std::string(usage) + std::string(help)};
  } catch (const CLI::Error& problem) {
    return wrong(problem.what());
  }
  if (const Result<void> completed = complete(options, raw); !completed)
    return wrong(completed.error().message);
  return options;
}

}  // namespace yallchat
