#include "stamp.h"

namespace yallchat::bench {
namespace {

constexpr std::size_t due_digits = 16;
constexpr std::size_t number_digits = 8;

void write_digits(char* at, std::size_t digits, std::uint64_t value) {
  for (std::size_t i = digits; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
}

constexpr std::uint64_t each_byte(std::uint64_t value) {
  return value * 0x0101010101010101U;
}

// Eight digits at once, as this is done millions of times a second: pairs become numbers below 100,
// pairs of these numbers below 10,000, and so on. Little endian, as all machines that this runs on.
bool read_8_digits(const char* at, std::uint64_t& value) {
  std::uint64_t v = 0;
  std::memcpy(&v, at, sizeof v);
  const std::uint64_t high = each_byte(0xf0);
  if ((v & high) != each_byte('0') || ((v + each_byte(6)) & high) != each_byte('0')) return false;
  v = ((v & each_byte(0x0f)) * (1 + (10ULL << 8))) >> 8;
  v = ((v & 0x00ff00ff00ff00ffU) * (1 + (100ULL << 16))) >> 16;
  v = ((v & 0x0000ffff0000ffffU) * (1 + (10'000ULL << 32))) >> 32;
  value = v;
  return true;
}

}  // namespace

void write_stamp(char* at, Stamp stamp) {
  at[0] = '^';
  write_digits(at + 1, due_digits, static_cast<std::uint64_t>(stamp.due_ns));
  write_digits(at + 1 + due_digits, number_digits, stamp.number);
  at[stamp_bytes - 1] = '$';
}

std::optional<Stamp> read_stamp(const char* at) {
  std::uint64_t high = 0, low = 0, number = 0;
  if (at[0] != '^' || at[stamp_bytes - 1] != '$' || !read_8_digits(at + 1, high) ||
      !read_8_digits(at + 9, low) || !read_8_digits(at + 17, number))
    return std::nullopt;
  return Stamp{static_cast<std::int64_t>(high * 100'000'000 + low),
               static_cast<std::uint32_t>(number)};
}

std::size_t find_stamp(std::string_view request) {
  for (std::size_t at = 0; (at = request.find('^', at)) != request.npos; ++at)
    if (request.size() - at >= stamp_bytes && read_stamp(request.data() + at)) return at;
  return std::string_view::npos;
}

}  // namespace yallchat::bench
