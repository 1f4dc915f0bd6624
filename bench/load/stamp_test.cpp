#include "stamp.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace yallchat::bench {
namespace {

std::string stamp(std::int64_t due_ns, std::uint32_t number) {
  std::string text(stamp_bytes, '?');
  write_stamp(text.data(), {due_ns, number});
  return text;
}

// What is found when the bytes come in two pieces, cut at `cut`.
std::vector<std::uint32_t> numbers_in(const std::string& bytes, std::size_t cut) {
  std::vector<std::uint32_t> numbers;
  const auto add = [&](Stamp found) { numbers.push_back(found.number); };
  const std::size_t kept = scan_stamps(bytes.substr(0, cut), add);
  EXPECT_LT(kept, stamp_bytes);
  EXPECT_EQ(scan_stamps(bytes.substr(cut - kept), add), 0U);
  return numbers;
}

TEST(Stamp, SaysWhenItWasDueAndItsNumber) {
  EXPECT_EQ(stamp(1'234'567'890, 42), "^000000123456789000000042$");
  const auto read = read_stamp(stamp(9'876'543'210'123'456, 98'765'432).data());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->due_ns, 9'876'543'210'123'456);
  EXPECT_EQ(read->number, 98'765'432U);
}

TEST(Stamp, IsNoneWhenAnyOfItIsNot) {
  const std::string good = stamp(1, 2);
  for (std::size_t i = 0; i < stamp_bytes; ++i) {
    for (const char wrong : {'/', ':', 'a', '\0', '\xb0'}) {
      std::string bad = good;
      bad[i] = wrong;
      EXPECT_FALSE(read_stamp(bad.data())) << i << " " << wrong;
    }
  }
}

TEST(Stamp, IsFoundOnceWhereverTheBytesAreCut) {
  const std::string bytes =
      "id: 7\n" + stamp(1, 10) + "xxx\n^12^" + stamp(2, 11) + stamp(3, 12) + "x";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
    ASSERT_EQ(numbers_in(bytes, cut), (std::vector<std::uint32_t>{10, 11, 12})) << cut;
}

TEST(Stamp, IsFoundInARequest) {
  EXPECT_EQ(find_stamp("PUT /^/" + stamp(1, 2) + "xx"), 7U);
  EXPECT_EQ(find_stamp("PUT /^0000"), std::string_view::npos);
}

}  // namespace
}  // namespace yallchat::bench
