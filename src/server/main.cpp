// yallchatd: the command line.
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>

#include "server/config.h"
#include "server/log_lines.h"
#include "server/server.h"

namespace {

constexpr int exit_failure = 1;
constexpr int exit_usage = 2;

struct Arguments {
  std::string file;
  bool print = false;
  bool check = false;
  std::vector<yallchat::GivenSetting> settings;
};

void add_setting(CLI::App& app, Arguments& arguments, const std::string& name,
                 const std::string& type, const std::string& help, bool list = false) {
  std::string flag = "--" + name;
  std::replace(flag.begin(), flag.end(), '_', '-');
  auto* option = app.add_option_function<std::vector<std::string>>(
      flag,
      [&arguments, name](const std::vector<std::string>& values) {
        arguments.settings.push_back({name, values});
      },
      help);
  option->type_name(type);
  if (list)
    option->allow_extra_args(false)->take_all();
  else
    option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void describe(CLI::App& app, Arguments& arguments) {
  app.name("yallchatd");
  app.description("The Y'allChat server: group chat over plain HTTP, for any WeChat client.");
  app.footer(
      "Settings come from --config FILE (TOML, the same names), then the environment\n"
      "(YALLCHAT_SESSION_TIMEOUT=60s, lists by comma), then these flags.\n"
      "Try it:  curl -i -X PUT http://127.0.0.1:8000/chats/octopus/join/ringo\n");
  app.set_version_flag("-V,--version", "yallchatd " YALLCHAT_VERSION);
  add_setting(app, arguments, "listen", "HOST:PORT",
              "address to listen on (127.0.0.1:8000); may be repeated; port 0 picks one", true);
  add_setting(app, arguments, "data", "DIR", "directory of all data (./yallchat-data)");
  add_setting(app, arguments, "admin_socket", "PATH",
              "socket for yallchatctl (admin.sock in the data directory); '': none");
  app.add_option("--config", arguments.file, "settings as TOML; read only when named")
      ->type_name("FILE");
  add_setting(app, arguments, "session_timeout", "DURATION",
              "idle sessions end after it (60s); at least 1s");
  add_setting(app, arguments, "max_channels", "N", "channels at most (10000); 0: no limit");
  add_setting(app, arguments, "history", "N", "messages kept a channel, at least 1000; 0: all (0)");
  add_setting(app, arguments, "history_age", "DURATION",
              "messages older than it go, as 30d; 0s: none (0s)");
  add_setting(app, arguments, "history_bytes", "N",
              "bytes of messages kept a channel; 0: all (0). The last 1000 messages always stay");
  add_setting(app, arguments, "public_list", "BOOL",
              "whether GET /chats shows the channels to anybody (true)");
  add_setting(app, arguments, "cors_origins", "ORIGIN",
              "whose pages may use the API, as https://chat.example (none); may be repeated", true);
  add_setting(
      app, arguments, "commit", "WHERE",
      "what waits for the disk: inline (all), thread (one that does nothing else), or auto:\n"
      "inline until a sync takes more than 1ms (auto)");
  add_setting(app, arguments, "log_level", "LEVEL", "debug, info, warn or error (info)");
  app.add_flag("--print-config", arguments.print, "print the effective settings as TOML, and exit");
  app.add_flag("--check-config", arguments.check,
               "say ok, or what is wrong with the settings, and exit");
}

int serve(const yallchat::Config& config) {
  yallchat::set_up_log_lines(config.log_level);
  // Messages are for those in the channels, not for every account of the machine.
  umask(077);
  // A client that went away is told by the failed write, not by a signal.
  std::signal(SIGPIPE, SIG_IGN);
  yallchat::Server server(config);
  if (const auto opened = server.open(); !opened) {
    std::fprintf(stderr, "yallchatd: %s\n", opened.error().message.c_str());
    return exit_failure;
  }
  server.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app;
  Arguments arguments;
  describe(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    std::cerr << "yallchatd: ";
    app.exit(error, std::cerr, std::cerr);
    return exit_usage;
  }
  const auto config = yallchat::load_config(arguments.file, arguments.settings);
  if (!config) {
    std::fprintf(stderr, "yallchatd: %s\n", config.error().message.c_str());
    return exit_usage;
  }
  if (arguments.print) {
    std::fputs(yallchat::print_config(*config).c_str(), stdout);
    return 0;
  }
  if (arguments.check) {
    std::puts("ok");
    return 0;
  }
  return serve(*config);
}
