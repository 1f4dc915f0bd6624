#include "simulation/current.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "base/check.h"
#include "simulation/history.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
extern "C" void __sanitizer_set_death_callback(void (*callback)());
#endif

namespace yallchat {
namespace simulation {
namespace {

const History* current = nullptr;
std::uint64_t current_seed = 0;
bool canary_expected = false;

void tell() {
  if (!current) return;
  std::printf("seed %llu, step %llu: the process died\nreplay: ./dev sim --seed %llu --verbose\n",
              static_cast<unsigned long long>(current_seed),
              static_cast<unsigned long long>(current->step()),
              static_cast<unsigned long long>(current_seed));
  std::fflush(stdout);
}

// Not what a handler may do by the book; but the process is lost, and its seed is worth the risk.
void on_signal(int signal) {
  std::signal(signal, SIG_DFL);
  tell();
  std::raise(signal);
}

}  // namespace

void begin_history(std::uint64_t seed, const History& history) {
  current_seed = seed;
  current = &history;
}

void end_history() {
  current = nullptr;
}

void tell_the_seed_when_dying(bool canary) {
  canary_expected = canary;
  std::signal(SIGABRT, on_signal);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  __sanitizer_set_death_callback(tell);
#else
  std::signal(SIGSEGV, on_signal);
#endif
}

}  // namespace simulation

// In the place of base/check.cpp, which the linker passes over because this is here.
void check_failed(const char* file, int line, const char* condition,
                  std::string_view detail) noexcept {
  std::printf("broken invariant at %s:%d: %s: %.*s\n", file, line, condition,
              static_cast<int>(detail.size()), detail.data());
  simulation::tell();
  std::_Exit(simulation::canary_expected ? 0 : 1);
}

}  // namespace yallchat
