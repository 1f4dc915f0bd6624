// One client's connection: bytes in, requests out; answers in, bytes out, in the order of the
// requests.
//
// A request may be answered at once or later. Writes may follow writes without waiting, so that one
// entry of the log holds all that a client pipelined; a read waits until everything before it is
// answered, and a write waits for the reads before it. Answers are gathered and sent once a turn of
// the loop, and only so many requests (or frames, of a WebSocket) are begun in one, so that who
// sends many at once does not keep others waiting.
//
// Of what has come it reads once a turn, as much as fits the shared buffer.
//
// Owner: the pool until it is closed, and the responders. The loop's thread only.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/answer.h"
#include "http/body_reader.h"
#include "http/readiness.h"
#include "http/request.h"
#include "http/socket.h"

namespace yallchat {

class Connection;
class ConnectionPool;
class Takeover;

// Where a request's answer goes. Answer exactly once.
class Responder {
 public:
  // sent: all of the answer was taken by the system for sending.
  using Written = std::function<void(bool sent)>;

  Responder(std::shared_ptr<Connection> connection, std::uint64_t slot)
      : connection_(std::move(connection)), slot_(slot) {}

  void operator()(const Answer& answer, Written written = {}) const;
  // Whether the client sends nothing more, as one does that has gone.
  bool may_have_lost_its_client() const;
  // Answers a read with a head behind which somebody else has the connection. make: is called once,
  // unless the connection is gone.
  using MakeTakeover = std::function<std::unique_ptr<Takeover>(Connection&)>;
  void take_over(const Answer& head, const MakeTakeover& make) const;

 private:
  std::shared_ptr<Connection> connection_;
  std::uint64_t slot_;
};

// Who is at the other end.
struct Peer {
  std::string address;
  bool loopback = false;
};

class Connection final : public std::enable_shared_from_this<Connection>,
                         private Readiness::Watcher {
 public:
  Connection(ConnectionPool& pool, Socket socket, Peer peer);
  ~Connection();

  // Begins to watch the socket. False: the system has no memory for it.
  bool watch(Readiness& readiness) { return readiness.watch(socket_.fd(), *this); }
  const Peer& peer() const { return peer_; }
  bool is_closed() const { return phase_ == Phase::closed; }
  // Sends what was answered. The pool calls it, once a turn.
  void flush();
  // Goes on with what was too much for the last turn. The pool calls it, if it was asked to.
  void go_on();
  // Looks whether something takes too long. The pool calls it, about once a second.
  void check_deadline(Monotonic now);
  // Nothing is waited for any more: what has come is answered, then the connection closes.
  void stop();
  // Ends it at once, whatever is under way.
  void close();
  // Refuses whatever comes, and closes.
  void refuse(const Failure& failure);

  // --- For who has taken it over ---
  // Sends what there is room for, at once, unless something else is still to be sent. Says how many
  // bytes it took; of the rest on_room() tells.
  std::size_t send_now(std::string_view bytes);
  // The same of an event that is shared; but when it took some of it, the rest is sent before
  // anything else.
  std::size_t send_now(SharedEvent event);
  // Sends it at the end of the turn, behind what is still to be sent.
  void append(std::string_view bytes);
  // Nothing comes any more: closes when all is sent, or not taken in time.
  void finish();
  // Whether one more request may be begun in this turn; who begins it counts it. What is left has
  // the next turn.
  bool may_begin() const;
  void count_begun();
  // Goes on with what has come, if input was not wanted before.
  void receive_later();
  // How long who has connected may take to begin something.
  std::int64_t head_timeout_ms() const;
  // When something was sent last.
  Monotonic sent_at() const { return sent_at_; }

  std::size_t pool_index = 0;  // the pool's

 private:
  friend class Responder;
  enum class Phase {
    head,     // between requests, or in the middle of a head
    waiting,  // a head is read and waits for what is before it
    body,     // reading a body
    taken,    // somebody else has it
    closing,  // reads no more requests; closes when all is answered and sent
    drain,    // sent everything, waits for the other end so that no answer is lost to a reset
    closed
  };

  // A request that is not answered yet, or whose predecessors are not.
  struct Slot {
    bool write;
    Delivery delivery;
    std::optional<std::string> ready;
    Responder::Written written;
  };
  struct Unsent {
    std::size_t end;  // of the answer, in out_
    Responder::Written written;
  };
  // An event that is shared, of which so much was sent.
  struct Rest {
    SharedEvent event;
    std::size_t sent;
  };

  void on_ready(Readiness::Change change) override;
  bool may_receive() const;
  bool may_give_on() const;
  void receive();
  void go_on_later();
  void take(std::string_view received);
  std::size_t consume(std::string_view bytes);
  std::size_t begin_request(std::string_view bytes);
  bool try_to_proceed();
  void begin_body();
  std::size_t read_body(std::string_view bytes);
  bool body_failed();
  void dispatch();
  void fail(const Failure& failure);
  void answer(std::uint64_t slot, const Answer& answer, Responder::Written written);
  void take_over(std::uint64_t slot, const Answer& head, const Responder::MakeTakeover& make);
  void check_taken(Monotonic now);
  void end_slot();
  void queue_ready();
  void mark_dirty();
  std::size_t send_now(std::span<const std::string_view> parts, std::size_t bytes);
  bool send_rest();
  void await_room();
  void run_written(std::size_t sent);
  void after_flush();
  void resume();
  void begin_drain();
  void drain();
  static void give_back(std::string& buffer);
  bool all_writes() const;
  void expect_within(std::int64_t timeout_ms);

  ConnectionPool& pool_;
  Socket socket_;
  Peer peer_;
  Phase phase_ = Phase::head;
  std::string input_;               // received, not yet consumed
  std::optional<Request> request_;  // being read
  std::optional<BodyReader> body_;  // of it
  std::deque<Slot> slots_;
  std::uint64_t first_slot_ = 0;  // the number of slots_.front()
  std::string out_;               // answers to send
  std::size_t sent_ = 0;          // of out_
  std::deque<Unsent> unsent_;
  std::unique_ptr<Rest> rest_;  // goes before out_
  std::unique_ptr<Takeover> takeover_;
  Monotonic deadline_{};
  Monotonic sent_at_{};     // when something was sent last, when taken over
  std::uint64_t turn_ = 0;  // the pool's, in which the last request was begun
  std::size_t begun_ = 0;   // in that turn
  std::size_t drained_ = 0;
  bool readable_ = false;    // something has come, as far as is known, and is not read
  bool ended_ = false;       // the socket was said to have ended: a read will say how
  bool blocked_ = false;     // there is no room to write
  bool dirty_ = false;       // in the pool's list to be flushed
  bool going_on_ = false;    // in the pool's list to go on in the next turn
  bool head_begun_ = false;  // a part of a head has come
  bool eof_ = false;
  bool stopping_ = false;
};

}  // namespace yallchat
