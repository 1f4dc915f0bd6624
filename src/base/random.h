// Random bytes, behind an interface so that the simulator can seed them.
#pragma once

#include <cstdint>
#include <span>

namespace yallchat {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

// The system's cryptographic source (libsodium's randombytes_buf). Any thread.
class SystemRandom final : public Random {
 public:
  SystemRandom();
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace yallchat
