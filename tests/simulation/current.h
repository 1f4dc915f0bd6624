// Which history runs now, so that whatever ends the process says its seed: a CHECK of the program's
// own, a signal, a sanitizer.
#pragma once

#include <cstdint>

namespace yallchat::simulation {

class History;

void begin_history(std::uint64_t seed, const History& history);
void end_history();

// canary: a CHECK that fails has found it, and the process ends with 0.
void tell_the_seed_when_dying(bool canary);

}  // namespace yallchat::simulation
