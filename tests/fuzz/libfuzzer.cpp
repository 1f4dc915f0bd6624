// A fuzzer of one target (FUZZ_TARGET, a function of fuzz.h): what libFuzzer calls.
#include <cstdio>
#include <cstdlib>

#include "base/check.h"
#include "fuzz.h"

namespace yallchat {

// In the place of the server's, which exits: libFuzzer keeps an input only where it sees a signal.
void check_failed(const char* file, int line, const char* condition,
                  std::string_view detail) noexcept {
  std::fprintf(stderr, "yallchat: broken invariant at %s:%d: %s: %.*s\n", file, line, condition,
               static_cast<int>(detail.size()), detail.data());
  std::abort();
}

}  // namespace yallchat

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return FUZZ_TARGET(data, size);
}
