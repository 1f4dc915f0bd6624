#include "wechat/bridge_run.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/limits.h"
#include "wechat/terminal_text.h"

namespace yallchat {
namespace {

constexpr std::chrono::milliseconds longest_sleep{1'000};

bool print(int fd, std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(fd, line.data(), line.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) line.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void complain(const std::string& words) {
  print(STDERR_FILENO, "wechat: " + terminal_text(words) + "\n");
}

CurlTransport::Options transport_options(const BridgeRunOptions& options) {
  CurlTransport::Options made;
  made.user_agent = "wechat-bridge/" YALLCHAT_VERSION;
  made.connections = limits::bridge_connections;
  if (options.verbose) made.trace = complain;
  return made;
}

}  // namespace

BridgeRun::BridgeRun(const BridgeRunOptions& options, int signals)
    : options_(options), signals_(signals), transport_(transport_options(options)) {}

int BridgeRun::run() {
  BridgeState state;
  if (!options_.bridge.dry) {
    Result<StateDirectory> opened = StateDirectory::open(options_.state);
    if (!opened) {
      complain(opened.error().message);
      return 1;
    }
    state.directory.emplace(std::move(*opened));
  }
  Bridge bridge(options_.bridge, {transport_, clock_, random_, *this, state});
  bridge.start();
  while (!bridge.ended()) {
    bridge.turn();
    if (bridge.ended()) break;
    wait(bridge);
    read_signal(bridge);
    transport_.perform();
    if (output_failed_) bridge.stop();
  }
  if (!bridge.ended()->words.empty()) complain(bridge.ended()->words);
  switch (bridge.ended()->how) {
    case Bridge::End::How::failed: return 1;
    case Bridge::End::How::no_channels: return 2;
    case Bridge::End::How::stopped: break;
  }
  return output_failed_ ? 1 : 0;
}

void BridgeRun::wait(const Bridge& bridge) {
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  const Monotonic left = std::max(bridge.wake_at() - clock_.monotonic(), Monotonic(0));
  std::array<CurlTransport::Watched, 1> watched{{{signals_, false}}};
  transport_.wait(ceil<milliseconds>(std::min<Monotonic>(left, longest_sleep)), watched);
  signalled_ = watched[0].readable;
}

// The first signal leaves the chats; a second one does not wait for that.
void BridgeRun::read_signal(Bridge& bridge) {
  signalfd_siginfo info{};
  if (!signalled_ || ::read(signals_, &info, sizeof info) != sizeof info) return;
  if (bridge.stopping()) ::_exit(0);
  bridge.stop();
}

void BridgeRun::report(const Report& report) {
  const std::string line =
      options_.json ? terminal_json(json_of(report)) : terminal_text(text_of(report));
  if (output_failed_ || print(STDOUT_FILENO, line + "\n")) return;
  output_failed_ = true;
  complain(std::string("standard output: ") + std::strerror(errno) + "; leaving");
}

}  // namespace yallchat
