// BridgeRun: one run of wechat -b: the bridge, the network, signals, and what it prints.
//
// A single thread sleeps in one place, for the network and signals together.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "bridge/bridge.h"
#include "client/http.h"
#include "wechat/bridge_options.h"

namespace yallchat {

class BridgeRun final : private Reporter {
 public:
  // signals: a descriptor of the signals that stop the bridge (signalfd), which the caller has
  // blocked.
  BridgeRun(const BridgeRunOptions& options, int signals);

  // Until the end; the exit code.
  int run();

 private:
  void report(const Report& report) override;
  void wait(const Bridge& bridge);
  void read_signal(Bridge& bridge);

  BridgeRunOptions options_;
  int signals_;
  SystemClock clock_;
  SystemRandom random_;
  CurlTransport transport_;
  bool signalled_ = false;
  bool output_failed_ = false;
};

}  // namespace yallchat
