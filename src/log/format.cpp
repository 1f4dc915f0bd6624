#include "log/format.h"

#include <bit>
#include <charconv>
#include <cstring>

#include "base/check.h"
#include "base/crc32c.h"
#include "base/limits.h"

namespace yallchat {
namespace {

static_assert(std::endian::native == std::endian::little,
              "fields are copied as they are in memory");

constexpr std::string_view segment_magic = "YALLLOG\n";
constexpr std::uint32_t format_version = 1;
constexpr std::size_t digits = 20;  // of the largest std::uint64_t
constexpr std::string_view suffix = ".log";

// Offsets in the segment's header.
constexpr std::size_t version_at = 8, header_crc_at = 12, id_at = 16, sequence_at = 24,
                      first_at = 32, header_end = 40;
// Offsets in a frame's header.
constexpr std::size_t mark_at = 0, crc_at = 4, length_at = 8, number_at = 16, synced_at = 24;

template <class Integer>
void put(char* at, Integer value) {
  std::memcpy(at, &value, sizeof value);
}

template <class Integer>
Integer get(std::string_view bytes, std::size_t at) {
  Integer value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

// All 64 random bits of the id guard a frame: one half marks its beginning, the other seeds its
// checksum.
std::uint32_t mark_of(std::uint64_t id) {
  return static_cast<std::uint32_t>(id >> 32);
}
std::uint32_t seed_of(std::uint64_t id) {
  return static_cast<std::uint32_t>(id);
}

std::uint32_t header_crc(std::string_view header) {
  return crc32c(header.substr(id_at, header_end - id_at), crc32c(header.substr(0, header_crc_at)));
}

}  // namespace

std::string encode_segment_header(const SegmentHeader& header) {
  std::string bytes(segment_header_bytes, '\0');
  segment_magic.copy(bytes.data(), segment_magic.size());
  put(&bytes[version_at], format_version);
  put(&bytes[id_at], header.id);
  put(&bytes[sequence_at], header.sequence);
  put(&bytes[first_at], header.first.value);
  put(&bytes[header_crc_at], header_crc(bytes));
  return bytes;
}

Result<SegmentHeader> decode_segment_header(std::string_view bytes) {
  if (bytes.size() < segment_header_bytes || !bytes.starts_with(segment_magic))
    return Error{Errc::damaged, "the segment's header cannot be read"};
  // Before the checksum: another version may have another header.
  const auto version = get<std::uint32_t>(bytes, version_at);
  if (version != format_version)
    return Error{Errc::unsupported, "format version " + std::to_string(version) +
                                        "; this program reads version " +
                                        std::to_string(format_version)};
  if (get<std::uint32_t>(bytes, header_crc_at) != header_crc(bytes))
    return Error{Errc::damaged, "the segment's header does not match its checksum"};
  return SegmentHeader{get<std::uint64_t>(bytes, id_at), get<std::uint64_t>(bytes, sequence_at),
                       Index(get<std::uint64_t>(bytes, first_at))};
}

void encode_frame(std::uint64_t segment_id, Index number, Index synced, std::string_view payload,
                  std::span<char> out) {
  const std::size_t size = frame_bytes(payload.size());
  CHECK(out.size() >= size, "the buffer holds the frame");
  char* frame = out.data();
  put(frame + mark_at, mark_of(segment_id));
  put(frame + length_at, static_cast<std::uint64_t>(payload.size()));
  put(frame + number_at, number.value);
  put(frame + synced_at, synced.value);
  payload.copy(frame + frame_header_bytes, payload.size());
  const std::size_t end = frame_header_bytes + payload.size();
  std::memset(frame + end, 0, size - end);
  put(frame + crc_at, crc32c({frame + length_at, size - length_at}, seed_of(segment_id)));
}

std::optional<std::size_t> frame_bytes_at(std::uint64_t segment_id, std::string_view header) {
  if (header.size() < frame_header_bytes) return std::nullopt;
  if (get<std::uint32_t>(header, mark_at) != mark_of(segment_id)) return std::nullopt;
  const auto length = get<std::uint64_t>(header, length_at);
  if (length == 0 || length > limits::entry_bytes) return std::nullopt;
  return frame_bytes(length);
}

std::optional<Frame> decode_frame(std::uint64_t segment_id, std::string_view bytes) {
  if (frame_bytes_at(segment_id, bytes) != bytes.size()) return std::nullopt;
  if (get<std::uint32_t>(bytes, crc_at) != crc32c(bytes.substr(length_at), seed_of(segment_id)))
    return std::nullopt;
  Frame frame;
  frame.number = Index(get<std::uint64_t>(bytes, number_at));
  frame.synced = Index(get<std::uint64_t>(bytes, synced_at));
  frame.payload = bytes.substr(frame_header_bytes, get<std::uint64_t>(bytes, length_at));
  frame.bytes = bytes.size();
  return frame;
}

std::string segment_name(std::uint64_t sequence) {
  const std::string number = std::to_string(sequence);
  return std::string(digits - number.size(), '0') + number + std::string(suffix);
}

std::optional<std::uint64_t> parse_segment_name(std::string_view name) {
  if (name.size() != digits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
  std::uint64_t sequence = 0;
  const char* end = name.data() + digits;
  const auto [stopped, problem] = std::from_chars(name.data(), end, sequence);
  if (problem != std::errc{} || stopped != end) return std::nullopt;
  return sequence;
}

}  // namespace yallchat
