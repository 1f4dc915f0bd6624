// Session keys and idempotency tokens: what a client holds, and the digests of it that a server
// keeps.
//
// A session key is 256 random bits, given to the client as 43 characters of base64url and kept
// nowhere else: commands, state and store hold its SHA-256. Keys are never logged and never in a
// URL. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace yallchat {

// SHA-256 of a session key in the form that the client has.
struct KeyHash : std::array<std::uint8_t, 32> {
  // Takes the same time wherever they differ, so that a guess learns nothing from it.
  friend bool operator==(const KeyHash& a, const KeyHash& b);
};

// The first half of a SHA-256.
using Token = std::array<std::uint8_t, 16>;

// A new key, in the form that the client gets.
std::string new_session_key(Random& random);

// Of a key as a client sends it. nullopt when it has not the length of one. It is not decoded, for
// what is not a key has no session either, whatever else is wrong with it; and decoding in constant
// time took as long as all the checks of a request's head.
std::optional<KeyHash> hash_of_key(std::string_view text);

// What is remembered of an Idempotency-Key. scope: whose key it is, so that the same key of two
// users, or in two channels, is two tokens; no two pairs give the same bytes to the digest.
Token idempotency_token(std::string_view scope, std::string_view key);

// What tells whether a body under the same Idempotency-Key is another one.
Token body_digest(std::string_view body);

}  // namespace yallchat

template <>
struct std::hash<yallchat::KeyHash> {
  std::size_t operator()(const yallchat::KeyHash& key) const noexcept {
    std::size_t value;  // a SHA-256 is spread already: any of its bytes will do
    std::memcpy(&value, key.data(), sizeof value);
    return value;
  }
};
