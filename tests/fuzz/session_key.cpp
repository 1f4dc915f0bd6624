// A session key as a client sends it: no other text opens its session.
#include "protocol/session_key.h"

#include "base/check.h"
#include "fuzz.h"

namespace yallchat {
namespace {

void check_key(std::string_view text) {
  const auto hash = hash_of_key(text);
  CHECK(hash.has_value() == (text.size() == 43), "what has the length of a key has a hash");
  if (!hash) return;
  CHECK(hash_of_key(text) == hash, "a key has one hash");
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other(text);
    other[i] = static_cast<char>(other[i] ^ 0x80);
    CHECK(hash_of_key(other) != hash, "another text has another");
  }
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
