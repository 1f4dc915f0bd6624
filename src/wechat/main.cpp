// wechat: the terminal client.
#include <fcntl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <initializer_list>
#include <iostream>

#include "base/check.h"
#include "wechat/bridge_options.h"
#include "wechat/bridge_run.h"
#include "wechat/chat.h"
#include "wechat/full_screen.h"
#include "wechat/options.h"
#include "wechat/terminal_text.h"

namespace {

// A closed standard descriptor would be given to the next socket.
void open_what_is_closed() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd)
    if (::fcntl(fd, F_GETFD) == -1) CHECK(::open("/dev/null", O_RDWR) == fd, "/dev/null opens");
}

// Blocked for this thread and those that libcurl starts, and read by the loop instead. A hang-up
// that the caller ignores, as nohup does, stays ignored; SIGINT is taken even where a shell ignores
// it for a job in the background, for else nothing but a kill without leaving would end it. more:
// the signals of a terminal.
int take_signals(std::initializer_list<int> more) {
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  sigset_t taken;
  sigemptyset(&taken);
  sigaddset(&taken, SIGINT);
  sigaddset(&taken, SIGTERM);
  for (const int number : more) sigaddset(&taken, number);
  if (hangup.sa_handler != SIG_IGN) sigaddset(&taken, SIGHUP);
  sigprocmask(SIG_BLOCK, &taken, nullptr);
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGPIPE, SIG_IGN);
  const int fd = ::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
  CHECK(fd >= 0, "signalfd opens");
  return fd;
}

int run_full_screen(const yallchat::Options& options) {
  auto config = yallchat::screen::load_screen_config(yallchat::screen::screen_config_path());
  if (!config) {
    std::cerr << "wechat: error: " << yallchat::terminal_text(config.error().message) << std::endl;
    return 2;
  }
  // Before the terminal is changed, so that no signal leaves it changed.
  const int signals = take_signals({SIGTSTP, SIGCONT, SIGWINCH});
  auto terminal =
      yallchat::screen::Terminal::open(yallchat::wants_colour(options.colour, STDOUT_FILENO));
  if (!terminal) {
    std::cerr << "wechat: " << terminal.error().message << "; with --line it does without"
              << std::endl;
    return 2;
  }
  return yallchat::screen::FullScreen(options, std::move(*config), std::move(*terminal), signals)
      .run();
}

int leave_early(const yallchat::EarlyExit& early) {
  (early.code == 0 ? std::cout : std::cerr) << early.text << std::flush;
  return early.code;
}

int run_bridge(int argc, char** argv) {
  const auto parsed = yallchat::parse_bridge_options(argc, argv);
  if (const auto* const early = std::get_if<yallchat::EarlyExit>(&parsed))
    return leave_early(*early);
  const int signals = take_signals({});
  return yallchat::BridgeRun(std::get<yallchat::BridgeRunOptions>(parsed), signals).run();
}

}  // namespace

int main(int argc, char** argv) {
  open_what_is_closed();
  if (yallchat::is_bridge(argc, argv)) return run_bridge(argc, argv);
  const auto parsed = yallchat::parse_options(argc, argv);
  if (const auto* const early = std::get_if<yallchat::EarlyExit>(&parsed))
    return leave_early(*early);
  const auto& options = std::get<yallchat::Options>(parsed);
  if (options.may_be_full_screen() && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1)
    return run_full_screen(options);
  const int signals = take_signals({});
  return yallchat::Chat(options, signals).run();
}
