// The bytes of a segment file: its header, and its frames (docs/formats/log.md has the whole
// picture).
//
// Pure functions of bytes; integers are little-endian. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace yallchat {

// The header has a block to itself, so that no append ever rewrites it.
inline constexpr std::size_t segment_header_bytes = 4096;
inline constexpr std::size_t frame_header_bytes = 32;
inline constexpr std::size_t frame_alignment = 8;

struct SegmentHeader {
  std::uint64_t id = 0;        // random: no payload can look like a frame of this segment
  std::uint64_t sequence = 0;  // the file's name
  Index first;                 // the number of the first frame
};

struct Frame {
  Index number;
  Index synced;  // the last number known to be durable when this was written
  std::string_view payload;
  std::size_t bytes = 0;  // with header and padding
};

// What a frame of a payload takes in the file.
constexpr std::size_t frame_bytes(std::size_t payload_bytes) {
  return (frame_header_bytes + payload_bytes + frame_alignment - 1) / frame_alignment *
         frame_alignment;
}

// The first segment_header_bytes of a segment.
std::string encode_segment_header(const SegmentHeader& header);
// bytes: as many, from the start of the file. Errors: damaged, unsupported; without the file's
// name.
Result<SegmentHeader> decode_segment_header(std::string_view bytes);

// Writes frame_bytes(payload.size()) bytes to out; payload may not overlap it.
void encode_frame(std::uint64_t segment_id, Index number, Index synced, std::string_view payload,
                  std::span<char> out);
// The size that the frame says to have, or nothing where none of this segment begins.
// header: frame_header_bytes bytes.
std::optional<std::size_t> frame_bytes_at(std::uint64_t segment_id, std::string_view header);
// bytes: exactly one frame. Nothing unless every byte is as it was written. The payload is a view
// of bytes.
std::optional<Frame> decode_frame(std::uint64_t segment_id, std::string_view bytes);

// The name of a segment file, and back.
std::string segment_name(std::uint64_t sequence);
std::optional<std::uint64_t> parse_segment_name(std::string_view name);

}  // namespace yallchat
