#include "protocol/session_key.h"

#include <openssl/crypto.h>
#include <sodium.h>

#include <algorithm>

#include "protocol/sha256.h"

namespace yallchat {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t key_characters = 43;
constexpr int base64url = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
static_assert(sodium_base64_ENCODED_LEN(key_bytes, base64url) == key_characters + 1);

Token first_half(const Sha256& digest) {
  Token token;
  std::copy_n(digest.begin(), token.size(), token.begin());
  return token;
}

}  // namespace

bool operator==(const KeyHash& a, const KeyHash& b) {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string new_session_key(Random& random) {
  std::array<std::uint8_t, key_bytes> key;
  random.fill(key);
  std::array<char, key_characters + 1> text;
  sodium_bin2base64(text.data(), text.size(), key.data(), key.size(), base64url);
  sodium_memzero(key.data(), key.size());
  return {text.data(), key_characters};
}

std::optional<KeyHash> hash_of_key(std::string_view text) {
  if (text.size() != key_characters) return std::nullopt;
  return KeyHash{sha256({text})};
}

Token idempotency_token(std::string_view scope, std::string_view key) {
  // The scope's length goes before it, else ("ab", "c") and ("a", "bc") were one.
  std::array<std::uint8_t, 8> length;
  for (std::size_t i = 0; i < length.size(); ++i)
    length[i] = static_cast<std::uint8_t>(std::uint64_t{scope.size()} >> (8 * i));
  return first_half(
      sha256({{reinterpret_cast<const char*>(length.data()), length.size()}, scope, key}));
}

Token body_digest(std::string_view body) {
  return first_half(sha256({body}));
}

}  // namespace yallchat
