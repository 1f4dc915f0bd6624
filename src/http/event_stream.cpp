#include "http/event_stream.h"

#include <utility>

namespace yallchat {
namespace {

void begin_server_sent(std::string& out, std::string_view type, Seqnr seqnr,
                       std::size_t /*json_bytes*/) {
  out.append("id: ").append(std::to_string(seqnr.value));
  out.append("\nevent: ").append(type).append("\ndata: ");
}

void begin_line(std::string& /*out*/, std::string_view /*type*/, Seqnr /*seqnr*/,
                std::size_t /*json_bytes*/) {}

}  // namespace

const EventFormat server_sent_events{
    "text/event-stream", ": yallchat\nretry: 1000\n\n", ":\n\n", {begin_server_sent, "\n\n"}};
const EventFormat ndjson{"application/x-ndjson", "", "\n", {begin_line, "\n"}};

EventStream::EventStream(Connection& connection, Hub& hub, const Session& session,
                         std::optional<Seqnr> from, const EventFormat& format)
    : connection_(connection),
      hub_(hub),
      session_(session.id),
      format_(format),
      stream_(hub.open_stream(session, {from, format.framing}, *this)) {}

Answer EventStream::head(const EventFormat& format) {
  Answer answer;
  answer.open_ended = true;
  answer.headers.emplace_back("Content-Type", format.content_type);
  answer.headers.emplace_back("X-Accel-Buffering", "no");
  return answer;
}

void EventStream::on_begin() {
  connection_.append(format_.preface);
}

// Nothing is asked on this connection any more.
std::size_t EventStream::on_input(std::string_view bytes) {
  return bytes.size();
}

void EventStream::on_room() {
  if (stream_) hub_.streams().room(stream_);
}

void EventStream::on_look(Monotonic now) {
  if (now >= connection_.sent_at() + std::chrono::milliseconds(limits::stream_silence_ms))
    connection_.append(format_.silence);
}

// The hub ends all streams.
void EventStream::on_stop() {}

void EventStream::on_closed() {
  if (stream_) hub_.close_stream(std::exchange(stream_, nullptr), session_);
}

std::size_t EventStream::write(std::string_view bytes) {
  return connection_.send_now(bytes);
}

std::size_t EventStream::write(SharedEvent event) {
  return connection_.send_now(std::move(event));
}

void EventStream::keep(std::string_view rest) {
  connection_.append(rest);
}

void EventStream::over() {
  stream_ = nullptr;
  connection_.finish();
}

}  // namespace yallchat
