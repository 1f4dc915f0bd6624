// A mark in the body of a message by which readers know it again, whatever protocol it comes in:
// when its post was due, and its number. 26 bytes of text:
//
//     ^0000001234567890000000042$    '^', 16 digits of nanoseconds, 8 digits of number, '$'
//
// '^' is in nothing else that the servers say but, by chance, as a byte of a frame's length: so a
// mark is one only when it is whole. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace yallchat::bench {

struct Stamp {
  std::int64_t due_ns = 0;  // since something that writer and reader agree on
  std::uint32_t number = 0;
};

inline constexpr std::size_t stamp_bytes = 26;

// `at` has stamp_bytes, as in the next one.
void write_stamp(char* at, Stamp stamp);
std::optional<Stamp> read_stamp(const char* at);

// Where the first stamp of a request is that is ready to be sent, or npos.
std::size_t find_stamp(std::string_view request);

// on_stamp(Stamp) for each that is whole. Gives how many bytes at the end may be the beginning of
// another: they belong before the next bytes of the same stream, and are less than stamp_bytes.
template <typename OnStamp>
std::size_t scan_stamps(std::string_view bytes, OnStamp on_stamp) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at != end) {
    at = static_cast<const char*>(std::memchr(at, '^', static_cast<std::size_t>(end - at)));
    if (at == nullptr) return 0;
    const auto rest = static_cast<std::size_t>(end - at);
    if (rest < stamp_bytes) return rest;
    const std::optional<Stamp> stamp = read_stamp(at);
    if (stamp) on_stamp(*stamp);
    at += stamp ? stamp_bytes : 1;
  }
  return 0;
}

}  // namespace yallchat::bench
