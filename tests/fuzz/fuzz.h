// The fuzz targets: one function for each parser that meets bytes of strangers or of the disk.
//
// Each takes any bytes, asserts by CHECK what must hold whatever they are, and returns 0. It keeps
// nothing between two calls. libfuzzer.cpp makes a fuzzer of one, corpus_test.cpp a regression test
// over the files of corpus/. What each asserts: README.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

int fuzz_command(const std::uint8_t* data, std::size_t size);
int fuzz_json(const std::uint8_t* data, std::size_t size);
int fuzz_keys(const std::uint8_t* data, std::size_t size);
int fuzz_log(const std::uint8_t* data, std::size_t size);
int fuzz_names(const std::uint8_t* data, std::size_t size);
int fuzz_path(const std::uint8_t* data, std::size_t size);
int fuzz_reply(const std::uint8_t* data, std::size_t size);
int fuzz_request(const std::uint8_t* data, std::size_t size);
int fuzz_screen(const std::uint8_t* data, std::size_t size);
int fuzz_session_key(const std::uint8_t* data, std::size_t size);
int fuzz_url(const std::uint8_t* data, std::size_t size);
int fuzz_websocket(const std::uint8_t* data, std::size_t size);
int fuzz_ws_request(const std::uint8_t* data, std::size_t size);

namespace yallchat {

inline std::string_view text_of_input(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Whether the text may stand in a header's value or in a line of the log: no CR, LF, NUL or other
// control character.
inline bool is_clean(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  return true;
}

// Whether JSON can be a line of NDJSON, or of a stream of events.
inline bool is_one_line(std::string_view json) {
  for (const char c : json)
    if (static_cast<unsigned char>(c) < 0x20) return false;
  return true;
}

}  // namespace yallchat
