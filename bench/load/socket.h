// A socket of the load: does not block, sends at once.
#pragma once

#include <cstdint>

namespace yallchat::bench {

// To 127.0.0.1:port, connected or about to be. The caller closes it. Ends the process if there is
// none.
int connect_to(std::uint16_t port);

}  // namespace yallchat::bench
