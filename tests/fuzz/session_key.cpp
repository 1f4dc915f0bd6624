// A session key as a client sends it: each key has one form only.
#include "protocol/session_key.h"

#include "base/check.h"
#include "fuzz.h"

namespace yallchat {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// 43 characters of the alphabet say 258 bits, of which the last two belong to no byte.
bool is_key(std::string_view text) {
  if (text.size() != 43) return false;
  for (const char c : text)
    if (alphabet.find(c) == alphabet.npos) return false;
  return alphabet.find(text.back()) % 4 == 0;
}

void check_key(std::string_view text) {
  const auto hash = hash_of_key(text);
  CHECK(hash.has_value() == is_key(text), "exactly the keys are keys");
  if (!hash) return;
  CHECK(hash_of_key(text) == hash, "a key has one hash");
  std::string other(text);
  other[0] = other[0] == 'A' ? 'B' : 'A';
  CHECK(hash_of_key(other) != hash, "another key has another");
}

void check_token(std::string_view scope, std::string_view key) {
  const Token token = idempotency_token(scope, key);
  CHECK(token == idempotency_token(scope, key), "one token");
  if (!scope.empty())
    CHECK(token != idempotency_token(scope.substr(1), std::string(scope.substr(0, 1)).append(key)),
          "no two pairs give the same bytes to the digest");
}

}  // namespace
}  // namespace yallchat

int fuzz_session_key(const std::uint8_t* data, std::size_t size) {
  using namespace yallchat;
  const std::string_view input = text_of_input(data, size);
  check_key(input);
  check_token(input.substr(0, size / 2), input.substr(size / 2));
  return 0;
}
