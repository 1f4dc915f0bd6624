// One simulated client: joins, talks, reads, stays away, leaves, and tries again when an answer is
// lost.
//
// It outlives the processes of the server. What the server answers is checked when it is given,
// against the model; what the client does next depends on what arrived. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulation/front_end.h"
#include "simulation/network.h"
#include "simulation/reading.h"
#include "simulation/stream_connection.h"

namespace yallchat::simulation {

// For the trace: " from 3", " once from 3", or nothing.
std::string words(const Position& position);

class Client {
 public:
  // What all clients share.
  struct World {
    Chance& chance;
    Checker& checker;
    Network& network;
    SimulatedClock& clock;
    Trace& trace;
    const Scenario& scenario;
    const bool& disk_full;       // now
    FrontEnd* server = nullptr;  // of this life
    bool stopping = false;       // that server
    std::size_t bytes_left = 0;  // to post in this step
    Settings settings{};         // proposed by this life
    Monotonic told_until{};      // the log knows of every cursor that was left before
    std::size_t audits = 0;      // so far
    std::size_t streams = 0;     // that are open

    // A command was refused as if there were no room.
    void unavailable(bool post) const;
  };

  Client(std::size_t number, const UserName& user, const ChannelName& channel, World& world)
      : number_(number), user_(user), channel_(channel), w_(world) {}

  // One thing, or nothing.
  void act();
  // One thing towards the end: what is open is brought to an end, then it leaves.
  void finish();
  bool finished() const { return !busy() && !session_ && !open_ && !join_key_ && streams_.empty(); }
  // The server has a stream of it open.
  bool streams_open() const;
  bool busy() const { return writing_ || polls_ != 0; }

  // Before the server's turn: what it was sent on streams is taken.
  void receive();
  // Behind the server's turn: what it must have been given by now.
  void check();
  // Nothing of its own keeps it from reading any more.
  void heal();

  // The server's process died: what was asked is answered no more.
  void connection_lost();
  void server_stops();
  void server_stopped_cleanly();

 private:
  struct OpenPost {
    std::size_t number;
    std::optional<std::string> key;
  };
  struct Own {  // its session
    SessionId id;
    KeyHash key{};
    Reading reading;
  };

  // Joining (client_join.cpp)
  void join();
  void joined(const JoinAnswer& answer, const KeyHash& key, const Position& position, bool keyed);
  void refused_join(Refusal why);
  void join_again();
  void leave();
  void have_kicked();
  const Session* let_in();
  void check_over(SessionId session) const;
  const Model::Room& room_of(SessionId session) const;
  Position any_position(std::uint64_t percent);

  // Posting (client_post.cpp)
  void post();
  void send_open();
  void answered(const OpenPost& post, SessionId session, const Outcome& outcome);
  void received(const Outcome& outcome);
  void lost_post();
  void misuse_key();
  void repeat_acknowledged();
  void ask_twice(const OpenPost& post, SessionId session,
                 const std::function<void(const Outcome&)>& check);

  // Reading (client_read.cpp)
  struct Poll {
    std::size_t number;
    SessionId session;
    Monotonic asked;
    std::int64_t wait_ms;
  };
  void poll(const Position& position);
  void poll(const Ask& ask);
  Ask any_ask();
  void poll_answered(SessionId session, const Poll& poll, const Reading::Asked& asked,
                     const poll::Answer& answer);
  void check_wait(const Poll& poll, const poll::Answer& answer);
  void check_long_poll();
  const Poll* only_poll() const;
  void check_given(const Reading::Asked& asked, const poll::Answer& answer);
  void peek();
  void directory();

  // Streams (client_stream.cpp)
  void stream();
  void open_stream();
  void streams_lost();

  void stay_away();

  const std::size_t number_;
  const UserName& user_;
  const ChannelName& channel_;
  World& w_;

  std::optional<Own> session_;
  std::optional<std::string> join_key_;  // of a join whose answer did not come
  std::vector<KeyHash> attempts_;        // keys that were made for it
  std::optional<OpenPost> open_;         // said, and not yet known to be heard
  std::optional<OpenPost> last_;         // the last one that is known to be
  Seqnr last_seqnr_;
  bool writing_ = false;          // a join, post or leave is under way
  std::size_t polls_ = 0;         // polls that are under way
  std::size_t polls_asked_ = 0;   // so far
  std::vector<Poll> unanswered_;  // by the server
  std::size_t delivering_ = 0;    // answers that the server does not know to be sent
  Patience for_end_;              // of a long poll
  std::optional<Patience> for_news_;
  std::vector<std::unique_ptr<StreamConnection>> streams_;
  std::optional<Seqnr> resume_;  // what comes behind what a stream was given that broke
  bool crashed_ = false;         // the server did, since then
  Monotonic away_until_{};
};

}  // namespace yallchat::simulation
