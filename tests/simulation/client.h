// One simulated client: joins, talks, reads, stays away, leaves, and tries again when an answer is
// lost.
//
// It outlives the processes of the server. What the server answers is checked when it is given,
// against the model; what the client does next depends on what arrived. One thread.
#pragma once

#include <optional>
#include <string>

#include "simulation/front_end.h"
#include "simulation/network.h"
#include "simulation/reading.h"

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
    std::size_t bytes_left = 0;  // to post in this step
    Settings settings{};         // proposed by this life
    Monotonic told_until{};      // the log knows of every cursor that was left before
    std::size_t audits = 0;      // so far

    // A command was refused as if there were no room.
    void unavailable(bool post) const;
  };

  Client(std::size_t number, const UserName& user, const ChannelName& channel, World& world)
      : number_(number), user_(user), channel_(channel), w_(world) {}

  // One thing, or nothing.
  void act();
  // One thing towards the end: what is open is brought to an end, then it leaves.
  void finish();
  bool finished() const { return !busy() && !session_ && !open_ && !join_key_; }
  bool busy() const { return writing_ || polls_ != 0; }

  // The server's process died: what was asked is answered no more.
  void connection_lost();
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
  void poll(const Position& position);
  void poll_answered(SessionId session, const Reading::Asked& asked, const poll::Answer& answer);
  void check_given(const Reading::Asked& asked, const poll::Answer& answer);
  void peek();
  void directory();

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
  bool writing_ = false;   // a join, post or leave is under way
  std::size_t polls_ = 0;  // polls that are under way
  Monotonic away_until_{};
};

}  // namespace yallchat::simulation
