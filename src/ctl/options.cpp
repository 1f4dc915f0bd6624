#include "ctl/options.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace yallchat::ctl {
namespace {

constexpr std::string_view version = "yallchatctl " YALLCHAT_VERSION;

constexpr std::string_view short_usage =
    "usage: yallchatctl [--socket PATH | --data DIR] kick CHANNEL USER | status\n"
    "       (more: yallchatctl --help)\n";

constexpr std::string_view help =
    "usage: yallchatctl [-h] [-V] [--socket PATH | --data DIR] COMMAND\n"
    "\nTell a running yallchatd on this machine what to do, over its admin socket.\n"
    "\n"
    "commands:\n"
    "  kick CHANNEL USER  end the session that holds that name in that channel; whoever\n"
    "                     was kicked may join again\n"
    "  status             show how the server is\n"
    "\n"
    "options:\n"
    "  --data DIR         the data directory of the server (default: YALLCHAT_DATA, or\n"
    "                     ./yallchat-data); the socket is admin.sock in it, or what\n"
    "                     YALLCHAT_ADMIN_SOCKET says\n"
    "  --socket PATH      the admin socket itself, wherever it is\n"
    "  -h, --help         show this help and exit\n"
    "  -V, --version      show the version and exit\n"
    "\n"
    "exit codes:\n"
    "  0    done\n"
    "  1    the server refuses: no such channel, nobody of that name, or why it says\n"
    "  2    wrong usage\n"
    "  3    no server answers\n"
    "\n"
    "examples:\n"
    "  yallchatctl kick octopus ringo\n"
    "  yallchatctl --data /var/lib/yallchat status\n"
    "  yallchatctl kick octopus -- -ringo       a name that begins with a dash\n";

EarlyExit wrong(const std::string& what) {
  return {exit_usage, std::string(short_usage) + "yallchatctl: error: " + what + "\n"};
}

struct Raw {
  std::string socket;
  std::string data = "./yallchat-data";
  std::string in_data = "admin.sock";  // as the server's setting
};

void read_environment(Raw& raw) {
  if (const char* const data = std::getenv("YALLCHAT_DATA")) raw.data = data;
  if (const char* const socket = std::getenv("YALLCHAT_ADMIN_SOCKET")) raw.in_data = socket;
}

void declare(CLI::App& app, Raw& raw, Options& options) {
  app.set_version_flag("-V,--version", std::string(version));
  auto* const data = app.add_option("--data", raw.data);
  app.add_option("--socket", raw.socket)->excludes(data);
  app.require_subcommand(1);
  app.fallthrough();  // options may follow the command
  app.add_subcommand("status")->callback([&options] { options.command = Status{}; });
  auto* const kick = app.add_subcommand("kick");
  const auto names = std::make_shared<Kick>();
  kick->add_option("CHANNEL", names->channel)->required();
  kick->add_option("USER", names->user)->required();
  kick->callback([&options, names] { options.command = *names; });
}

// In the order of the command line, which CLI11's own message turns round.
std::string unexpected(const std::vector<std::string>& args) {
  std::string words = "not expected:";
  for (const std::string& arg : args) words += " " + arg;
  return words;
}

std::variant<Options, EarlyExit> checked(Options options, const Raw& raw, bool socket_given) {
  options.socket = raw.socket;
  if (!socket_given) {
    if (raw.in_data.empty())
      return wrong("YALLCHAT_ADMIN_SOCKET is empty: that server has no admin socket");
    options.socket = std::filesystem::path(raw.data) / raw.in_data;
  }
  if (options.socket.empty()) return wrong("--socket: name a path");
  return options;
}

}  // namespace

std::variant<Options, EarlyExit> parse_options(int argc, const char* const* argv) {
  Options options;
  Raw raw;
  CLI::App app;
  read_environment(raw);
  try {
    declare(app, raw, options);
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return EarlyExit{exit_done, std::string(help)};
  } catch (const CLI::CallForVersion&) {
    return EarlyExit{exit_done, std::string(version) + "\n"};
  } catch (const CLI::Error& problem) {
    const std::vector<std::string> extra = app.remaining(true);
    return wrong(extra.empty() ? problem.what() : unexpected(extra));
  }
  return checked(std::move(options), raw, app.count("--socket") != 0);
}

}  // namespace yallchat::ctl
