#include "store/history_chunk.h"

#include "base/check.h"
#include "base/crc32c.h"
#include "base/limits.h"
#include "store/little_endian.h"
#include "store/store.h"

namespace yallchat {
namespace {

constexpr std::size_t checksum_bytes = 4;
constexpr std::size_t record_head_bytes = checksum_bytes + 8 + 2 + 2;

std::size_t header_bytes(std::size_t count) {
  return checksum_bytes + 4 + 4 * count;
}

std::size_t record_bytes(const Message& message) {
  return record_head_bytes + message.source.size() + message.origin.size() + message.body.size();
}

std::uint32_t checksum(ChannelId channel, Seqnr seqnr, std::string_view bytes) {
  const std::uint64_t place[] = {channel.value, seqnr.value};
  return crc32c(bytes, crc32c({reinterpret_cast<const char*>(place), sizeof(place)}));
}

void append_record(const Message& message, std::string& blob) {
  CHECK(message.source.size() <= UINT16_MAX && message.origin.size() <= UINT16_MAX,
        "names and origins are bounded by the protocol");
  const std::size_t begin = blob.size();
  put_integer<std::uint32_t>(blob, 0);
  put_integer<std::int64_t>(blob, message.time_ms);
  put_integer<std::uint16_t>(blob, static_cast<std::uint16_t>(message.source.size()));
  put_integer<std::uint16_t>(blob, static_cast<std::uint16_t>(message.origin.size()));
  blob += message.source;
  blob += message.origin;
  blob += message.body;
  const auto covered = std::string_view(blob).substr(begin + checksum_bytes);
  put_integer_at<std::uint32_t>(blob, begin, checksum(message.channel, message.seqnr, covered));
}

}  // namespace

std::size_t stored_bytes(const Message& message) {
  return record_bytes(message) + 4;  // and its end in the chunk's header
}

std::size_t chunk_length(std::span<const MessagePtr> messages) {
  std::size_t length = 1;
  std::size_t bytes = record_bytes(*messages[0]);
  while (length < messages.size() && length < limits::chunk_messages) {
    bytes += record_bytes(*messages[length]);
    if (bytes > limits::chunk_bytes) break;
    ++length;
  }
  return length;
}

void encode_chunk(std::span<const MessagePtr> messages, std::string& blob) {
  const Message& first = *messages[0];
  const std::size_t header = header_bytes(messages.size());
  blob.assign(header, '\0');
  put_integer_at<std::uint32_t>(blob, checksum_bytes, static_cast<std::uint32_t>(messages.size()));
  for (std::size_t i = 0; i < messages.size(); ++i) {
    CHECK(
        messages[i]->channel == first.channel && messages[i]->seqnr.value == first.seqnr.value + i,
        "a channel's messages come without a gap: channel " + std::to_string(first.channel.value));
    append_record(*messages[i], blob);
    put_integer_at<std::uint32_t>(blob, header_bytes(i),
                                  static_cast<std::uint32_t>(blob.size() - header));
  }
  const auto covered = std::string_view(blob).substr(checksum_bytes, header - checksum_bytes);
  put_integer_at<std::uint32_t>(blob, 0, checksum(first.channel, first.seqnr, covered));
}

std::optional<ChunkView> ChunkView::open(std::string_view blob, ChannelId channel, Seqnr first) {
  if (blob.size() < header_bytes(1)) return std::nullopt;
  const std::size_t count = get_integer<std::uint32_t>(blob, checksum_bytes);
  if (count == 0 || count > limits::chunk_messages || blob.size() < header_bytes(count)) {
    return std::nullopt;
  }
  const auto covered = blob.substr(checksum_bytes, header_bytes(count) - checksum_bytes);
  if (get_integer<std::uint32_t>(blob, 0) != checksum(channel, first, covered)) return std::nullopt;
  return ChunkView(blob, channel, first, count);
}

struct ChunkView::Record {
  std::int64_t time_ms;
  std::string_view source;
  std::string_view origin;
  std::string_view body;
};

std::optional<ChunkView::Record> ChunkView::record(std::size_t i) const {
  const auto records = blob_.substr(header_bytes(count_));
  const std::size_t begin = i == 0 ? 0 : get_integer<std::uint32_t>(blob_, header_bytes(i - 1));
  const std::size_t end = get_integer<std::uint32_t>(blob_, header_bytes(i));
  if (begin + record_head_bytes > end || end > records.size()) return std::nullopt;
  const auto record = records.substr(begin, end - begin);
  const Seqnr seqnr(first_.value + i);
  if (get_integer<std::uint32_t>(record, 0) !=
      checksum(channel_, seqnr, record.substr(checksum_bytes))) {
    return std::nullopt;
  }
  const std::size_t source = get_integer<std::uint16_t>(record, checksum_bytes + 8);
  const std::size_t origin = get_integer<std::uint16_t>(record, checksum_bytes + 10);
  const auto text = record.substr(record_head_bytes);
  if (source + origin > text.size()) return std::nullopt;
  return Record{get_integer<std::int64_t>(record, checksum_bytes), text.substr(0, source),
                text.substr(source, origin), text.substr(source + origin)};
}

std::optional<std::string_view> ChunkView::body(std::size_t i) const {
  const auto record = this->record(i);
  if (!record) return std::nullopt;
  return record->body;
}

MessagePtr ChunkView::message(std::size_t i) const {
  const auto record = this->record(i);
  if (!record) return nullptr;
  auto message = std::make_shared<Message>();
  message->channel = channel_;
  message->seqnr = Seqnr(first_.value + i);
  message->time_ms = record->time_ms;
  message->source = record->source;
  message->origin = record->origin;
  message->body = record->body;
  return message;
}

}  // namespace yallchat
