// The session's reading by a stream of NDJSON (docs/streams.md).
//
// A stream is a faster way to what polls would give, and nothing else hangs on it. Until it gives
// its first event there are polls as without it; what comes over both is known by its number. It
// always begins at the cursor, so what a broken one did not bring comes with the next. Whether the
// server is there at all, and when to give up, is for polls to say.
#include <algorithm>
#include <cctype>

#include "base/limits.h"
#include "client/session.h"
#include "client/trimmed.h"

namespace yallchat {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view stream_type = "application/x-ndjson";

// A stream that lasted for so long did work, however it ended.
constexpr milliseconds steady{10'000};

bool is_stream(const HttpAnswer& head) {
  const auto type = head.header("content-type");
  if (head.status != 200 || !type) return false;
  return std::ranges::equal(trimmed(type->substr(0, type->find(';'))), stream_type,
                            [](unsigned char a, char b) { return std::tolower(a) == b; });
}

}  // namespace

bool ClientSession::wants_stream() const {
  return options_.stream && !options_.search && stream_ == 0 && yallchat_ && head_ &&
         !reading_.failing() && cursor_.position().form == Cursor::Position::Form::header;
}

void ClientSession::begin_stream() {
  HttpRequest stream = request("GET", "/events");
  stream.headers.emplace_back("Accept", stream_type);
  stream.headers.emplace_back("seqnr", std::to_string(cursor_.position().seqnr.value));
  stream.timeout = milliseconds(0);
  stream.part = [this](const HttpAnswer& head, std::string_view part) {
    on_stream_part(head, part);
  };
  stream_ = around_.transport.start(
      std::move(stream),
      [this, used = session_](const HttpOutcome& outcome) { on_stream_done(outcome, used); });
  stream_began_at_ = now();
  stream_silent_at_ = now() + milliseconds(limits::client_stream_first_ms);
  poll_at_ = std::max(poll_at_, now() + poll_interval());
}

void ClientSession::close_stream() {
  around_.transport.cancel(stream_);
  stream_ = 0;
  streaming_ = false;
  stream_lines_ = StreamLines();
}

void ClientSession::on_stream_part(const HttpAnswer& head, std::string_view part) {
  if (!is_stream(head)) return;  // judged by its end, or its silence
  stream_lines_.feed(part);
  while (const auto line = stream_lines_.next()) {
    if (line->empty()) continue;  // so that the connection is not silent
    const auto event = read_stream_event(*line);
    if (!event) return on_stream_broken("it gave a line that is no event");
    take(*event);
    if (stream_ == 0) return;
  }
  if (stream_lines_.too_long()) return on_stream_broken("it gave a line without an end");
  stream_silent_at_ = now() + milliseconds(limits::client_stream_silence_ms);
}

void ClientSession::on_stream_done(const HttpOutcome& outcome, const std::string& used) {
  if (!outcome.answer) return on_stream_broken(outcome.failure.message);
  if (is_stream(*outcome.answer)) return on_stream_broken("it was cut off");
  if (outcome.answer->status == 401) return lose_session(used, status_words(*outcome.answer));
  poll_instead("the server gives none " + status_words(*outcome.answer));
}

void ClientSession::on_stream_silent() {
  if (streaming_) return on_stream_broken("nothing came for too long");
  poll_instead("its first byte did not come");
}

void ClientSession::on_stream_live() {
  streaming_ = true;
  around_.transport.cancel(poll_);
  poll_ = 0;
  reading_.succeeded();
  rejoining_.succeeded();
  recovered();
}

void ClientSession::take(const StreamEvent& event) {
  using enum StreamEvent::Type;
  if (event.type == end) return on_stream_end(event.reason);
  if (!streaming_) on_stream_live();
  if (event.type == message)
    show(event.event, cursor_.take(event.event, cursor_.position(), std::nullopt));
  if (event.type == directory) take_directory(event.event.names);
  if (event.type == gap) take_gap(event);
  if (event.type == joined || event.type == left) {
    const std::string& name = event.event.source;
    const auto change = event.type == joined ? roster_.joined(name) : roster_.left(name);
    if (!change.empty()) around_.listener.changed(change);
  }
  if (cursor_.reached(*head_)) caught_up_ = true;
}

void ClientSession::take_gap(const StreamEvent& event) {
  const auto gap = cursor_.skip(event.first);
  if (!gap) return;
  if (event.reason == "damaged-history")
    around_.listener.warning("what follows is missing because the server's history is damaged");
  around_.listener.gap(gap->from, gap->first);
}

void ClientSession::on_stream_end(const std::string& reason) {
  if (reason != "stopping") return lose_session(session_, "(" + reason + ")");
  outage("the server is stopping");
  on_stream_broken("the server is stopping");
}

// It may work the next time; a row of those that break at once is not repeated for long.
void ClientSession::on_stream_broken(const std::string& why) {
  const bool worked = streaming_;
  ++breaks_;
  close_stream();
  if (worked && now() - stream_began_at_ >= steady) stream_tries_.succeeded();
  const auto at = stream_tries_.failed();
  if (!at) return poll_instead(why);
  around_.listener.note("the stream broke: " + why);
  stream_at_ = *at;
  if (!reading_.failing()) poll_at_ = worked ? *at + poll_interval() : now();
}

void ClientSession::poll_instead(const std::string& why) {
  close_stream();
  stream_tries_.succeeded();
  stream_at_ = now() + milliseconds(limits::client_stream_pause_ms);
  if (!reading_.failing()) poll_at_ = now();
  around_.listener.note("no stream, polling instead: " + why);
}

}  // namespace yallchat
