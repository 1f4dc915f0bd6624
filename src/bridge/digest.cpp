#include "bridge/digest.h"

#include "protocol/sha256.h"

namespace yallchat {

std::string short_digest(std::initializer_list<std::string_view> texts) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t bytes = 16;
  std::string all;
  for (const std::string_view text : texts)
    all.append(std::to_string(text.size())).append(":").append(text);
  std::string digest;
  const Sha256 whole = sha256({all});
  for (std::size_t i = 0; i < bytes; ++i) {
    digest += digits[whole[i] >> 4U];
    digest += digits[whole[i] & 15U];
  }
  return digest;
}

}  // namespace yallchat
