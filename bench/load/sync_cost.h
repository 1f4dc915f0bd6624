// What durability itself costs where the data will be: small writes, each followed by fdatasync, as
// the latency of one. Prints JSON. Main thread; ends the process when the disk refuses.
#pragma once

#include <string>

namespace yallchat::bench {

void print_sync_cost(const std::string& directory);

}  // namespace yallchat::bench
