// A stream of one channel's events as the body of an answer: server-sent events, or a line an event
// (docs/streams.md).
//
// Owner: its connection, which it has taken over. The loop's thread only.
#pragma once

#include <optional>
#include <string_view>

#include "base/ids.h"
#include "http/connection.h"
#include "http/takeover.h"
#include "hub/hub.h"

namespace yallchat {

// How events are written.
struct EventFormat {
  std::string_view content_type;
  std::string_view preface;  // of the body
  std::string_view silence;  // a sign of life
  Framing framing;
};
// Of server-sent events (WHATWG HTML, section 9.2) and NDJSON.
extern const EventFormat server_sent_events;
extern const EventFormat ndjson;

class EventStream final : public Takeover, private Streams::Sink {
 public:
  // from: the first message that is wanted; none: from the session's cursor on.
  EventStream(Connection& connection, Hub& hub, const Session& session, std::optional<Seqnr> from,
              const EventFormat& format);

  // The answer that begins it.
  static Answer head(const EventFormat& format);

 private:
  void on_begin() override;
  std::size_t on_input(std::string_view bytes) override;
  void on_room() override;
  void on_look(Monotonic now) override;
  bool wants_input() const override { return true; }
  void on_stop() override;
  void on_closed() override;

  std::size_t write(std::string_view bytes) override;
  std::size_t write(SharedEvent event) override;
  void keep(std::string_view rest) override;
  void over() override;
  void give_up() override { connection_.close(); }

  Connection& connection_;
  Hub& hub_;
  SessionId session_;
  const EventFormat& format_;
  Streams::StreamPtr stream_;
};

}  // namespace yallchat
