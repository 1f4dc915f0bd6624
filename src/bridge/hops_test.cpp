#include "bridge/hops.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "protocol/said.h"

namespace yallchat {
namespace {

TEST(OwnName, IsTheNameAloneOrNumbered) {
  EXPECT_EQ(own_name("bridge", 1), "bridge");
  EXPECT_EQ(own_name("bridge", 17), "bridge-17");
  for (const char* const name : {"bridge", "bridge-2", "bridge-17"})
    EXPECT_TRUE(is_own_name(name, "bridge")) << name;
  for (const char* const name : {"bridges", "bridge-", "bridge-x", "bridge-2x", "a bridge"})
    EXPECT_FALSE(is_own_name(name, "bridge")) << name;
}

TEST(Origin, NamesEachHop) {
  const std::string origin = with_hop(hop("a", "octopus", 0, Seqnr(83)), "b:2/caf%C3%A9/7");
  EXPECT_EQ(origin, "a/octopus/83,b:2/caf%C3%A9/7");
  EXPECT_EQ(hop("b", "caf\xc3\xa9", 2, Seqnr(7)), "b:2/caf%C3%A9/7");
  EXPECT_EQ(first_hop(origin), "a/octopus/83");
  const std::string odd = hop("x,:/", "y", 1, Seqnr(1));
  EXPECT_TRUE(Said::of("x@x,:/", "hello", odd, false).came_by({"x,:/"}));
}

TEST(Origin, AHopFitsAnIdempotencyKey) {
  std::string channel;
  for (int i = 0; i < 64; ++i) channel += "\xf0\x90\x8c\xb0";
  const std::string longest =
      hop(std::string(limits::bridge_label_bytes, 'l'), channel, UINT64_MAX, Seqnr(UINT64_MAX));
  EXPECT_LE(longest.size(), limits::idempotency_key_bytes);
  EXPECT_NE(longest, hop(std::string(limits::bridge_label_bytes, 'l'), channel + "x", UINT64_MAX,
                         Seqnr(UINT64_MAX)));
}

TEST(Origin, ThatGrowsTooLongKeepsItsFirstHop) {
  std::string origin = "a/octopus/83";
  for (int i = 0; i < 200; ++i) {
    origin = with_hop(origin, "server/octopus/1");
    EXPECT_LE(origin.size(), limits::origin_bytes);
    EXPECT_EQ(first_hop(origin), "a/octopus/83");
  }
}

}  // namespace
}  // namespace yallchat
