// The connection of one stream, both its ends: the server's sink, with as much room as chance
// gives, and the client that takes what comes, stalls, or breaks it off.
//
// What the server writes is checked as it is written: put together, it must be whole events, and
// each one that may come (StreamReading). What the client has seen of it is less. One life's; a
// Violation may come out of any function. One thread.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "simulation/front_end.h"
#include "simulation/patience.h"
#include "simulation/stream_reading.h"

namespace yallchat::simulation {

class StreamConnection final : private Streams::Sink {
 public:
  struct Parts {
    Chance& chance;
    const Model& model;
    Trace& trace;
    const Clock& clock;
    const Scenario& scenario;
    FrontEnd& server;
  };

  // expected: where it will begin, which `from` says or the session's cursor.
  StreamConnection(const Parts& parts, const Session& session, std::optional<Seqnr> from,
                   Seqnr expected);

  // Before the server's turn: the client takes what has come, and so makes room.
  void receive();
  // Behind the server's turn: what must have come by now.
  void check();
  void break_off();
  void server_stops() { reading_.stop(); }
  // The client takes everything from now on.
  void heal() { pace_ = Pace::quick; }

  SessionId session() const { return session_; }
  // The client has taken everything that there is.
  bool has_all() const { return has_all_ && arriving_.empty(); }
  // The server has it open.
  bool is_open() const { return stream_ != nullptr; }
  // Nothing comes any more, and the client has taken everything.
  bool is_done() const { return !stream_ && kept_ == 0; }
  // The message behind the last that the client has seen.
  Seqnr seen() const { return seen_; }

 private:
  enum class Pace { quick, slow, stalling };

  std::size_t write(std::string_view bytes) override;
  std::size_t write(SharedEvent event) override;
  void keep(std::string_view rest) override;
  void over() override;
  void give_up() override { break_off(); }

  void accept(std::string_view bytes);
  void given(const StreamReading::Event& event);
  std::size_t draw_room();
  void check_reading();
  bool has(Canary canary) const { return parts_.server.canary() == canary; }
  template <class Function>
  void naming_it(const Function& function) const;

  const Parts parts_;
  const SessionId session_;
  const ChannelId channel_;
  const char mark_;  // of its framing
  StreamReading reading_;
  Pace pace_;
  Streams::StreamPtr stream_;

  std::string wire_;  // of an event that is not whole yet
  std::size_t room_;
  std::size_t kept_ = 0;  // bytes that wait for room
  bool blocked_ = false;
  Monotonic stalled_until_{};
  std::deque<Seqnr> arriving_;  // what comes behind each event that the client has not seen
  Seqnr seen_;

  // What it was at the end of the last turn.
  bool has_all_ = false;  // was given all messages
  bool current_ = false;  // and is live: not ahead of the newest
  struct Awaits {
    Seqnr next;
    Patience patience;
  };
  std::optional<Awaits> awaits_;  // what the store is read for
  bool blocked_live_ = false;     // had everything, and then no room
};

}  // namespace yallchat::simulation
