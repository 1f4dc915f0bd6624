#include "base/random.h"

#include <sodium.h>

#include "base/check.h"

namespace yallchat {

SystemRandom::SystemRandom() {
  CHECK(sodium_init() >= 0, "libsodium cannot be initialized");
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
  randombytes_buf(out.data(), out.size());
}

}  // namespace yallchat
