// BridgeSurroundings: what every part of a bridge needs and none owns. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "bridge/report.h"
#include "bridge/state_directory.h"
#include "client/transport.h"

namespace yallchat {

// The state of a run. A dry run has none: it reads nothing and writes nothing.
struct BridgeState {
  std::optional<StateDirectory> directory;
  // From which the keys of joins are made, so that a run may repeat those of the run before.
  std::string secret = {};
  // Of what waits to be carried, in memory.
  std::size_t waiting_bytes = 0;
  // What could not be written. Nothing may be put any more: the bridge ends.
  std::optional<Error> failure = {};

  Result<void> load(Random& random);
  void write(const std::string& name, std::string_view content) {
    if (!directory || failure) return;
    if (const Result<void> written = directory->write(name, content); !written)
      failure = written.error();
  }
};

struct BridgeSurroundings {
  Transport& transport;
  const Clock& clock;
  Random& random;
  Reporter& reporter;
  BridgeState& state;
};

}  // namespace yallchat
