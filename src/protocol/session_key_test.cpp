#include "protocol/session_key.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <unordered_set>

namespace yallchat {
namespace {

using namespace std::literals;

// 0, 1, 2, ...
class Counting final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    std::iota(out.begin(), out.end(), std::uint8_t{0});
  }
};

constexpr auto counting_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"sv;

std::string hex(std::span<const std::uint8_t> bytes) {
  std::string out;
  for (const unsigned byte : bytes) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

TEST(SessionKey, IsBase64UrlOfAllBytesOfTheSource) {
  Counting random;
  EXPECT_EQ(new_session_key(random), counting_key);
}

TEST(SessionKey, IsOfTheUrlSafeAlphabet) {
  class Ones final : public Random {
   public:
    void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), 0xFF); }
  } ones;
  const std::string key = new_session_key(ones);
  EXPECT_EQ(key, "__________________________________________8")
      << "the alphabet of base64url, not that of base64";
  EXPECT_TRUE(hash_of_key(key));
}

TEST(SessionKey, IsHashedAsTextWithSha256) {
  const auto hash = hash_of_key(counting_key);
  ASSERT_TRUE(hash);
  EXPECT_EQ(hex(*hash), "ea866a757e4c38babfa8127cbe9a409d3e1f93a00ff1488ff735fcf917afffd0");
}

TEST(SessionKey, TwoKeysOfTheSystemDiffer) {
  SystemRandom random;
  const std::string a = new_session_key(random);
  const std::string b = new_session_key(random);
  EXPECT_NE(a, b);
  EXPECT_FALSE(*hash_of_key(a) == *hash_of_key(b));
  EXPECT_TRUE(*hash_of_key(a) == *hash_of_key(a));
}

TEST(SessionKey, HashesDifferWhicheverByteDoes) {
  const KeyHash hash = *hash_of_key(counting_key);
  for (std::size_t i = 0; i < hash.size(); ++i) {
    KeyHash other = hash;
    other[i] ^= 1;
    EXPECT_FALSE(hash == other) << i;
  }
}

TEST(SessionKey, WhatHasNotTheLengthOfAKeyHasNoHash) {
  const std::string good(counting_key);
  EXPECT_FALSE(hash_of_key(""));
  EXPECT_FALSE(hash_of_key(good.substr(1)));
  EXPECT_FALSE(hash_of_key(good + "A"));
  EXPECT_FALSE(hash_of_key(good + "="));
  EXPECT_FALSE(hash_of_key(std::string(1 << 20, 'A')));
}

TEST(SessionKey, NoOtherTextHasTheHashOfAKey) {
  const KeyHash hash = *hash_of_key(counting_key);
  for (std::size_t i = 0; i < counting_key.size(); ++i) {
    for (int c = 1; c < 256; ++c) {
      std::string other(counting_key);
      other[i] = static_cast<char>(other[i] + c);
      EXPECT_FALSE(hash == *hash_of_key(other)) << i << ": " << c;
    }
  }
}

TEST(SessionKey, HashesCanBeKeysOfAMap) {
  SystemRandom random;
  std::unordered_set<KeyHash> hashes;
  for (int i = 0; i < 1000; ++i) hashes.insert(*hash_of_key(new_session_key(random)));
  EXPECT_EQ(hashes.size(), 1000u);
}

TEST(IdempotencyToken, IsOfScopeAndKeyWithoutAmbiguity) {
  const std::set<Token> tokens{idempotency_token("a", "bc"), idempotency_token("ab", "c"),
                               idempotency_token("", "abc"), idempotency_token("abc", ""),
                               idempotency_token("a", "bC")};
  EXPECT_EQ(tokens.size(), 5u);
  EXPECT_EQ(idempotency_token("a", "bc"), idempotency_token("a", "bc"));
}

// Tokens are in the log and in the state: another server, or another version, must find the same
// ones.
TEST(IdempotencyToken, IsTheSameForEver) {
  EXPECT_EQ(hex(idempotency_token("scope", "key")), "d83e3cb4694dc5af17b08e9a4e9ff0a3");
  EXPECT_EQ(hex(body_digest("abc")), "ba7816bf8f01cfea414140de5dae2223")
      << "FIPS 180-2, half of it";
}

}  // namespace
}  // namespace yallchat
