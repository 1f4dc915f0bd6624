// A WebSocket: many channels over one connection, events out, posts in (docs/streams.md,
// "WebSocket").
//
// Owner: its connection, which it has taken over. The loop's thread only.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/connection.h"
#include "http/posting.h"
#include "http/takeover.h"
#include "http/ws_reader.h"
#include "http/ws_request.h"
#include "hub/hub.h"

namespace yallchat {

class WebSocket final : public Takeover {
 public:
  // What it asks.
  struct Options {
    Hub& hub;
    const Replica& replica;
    Posting& posting;
    std::size_t max_message;
    const Clock& clock;
  };

  // channel: of the URL, for frames that name none. start: where it begins when it is opened first.
  WebSocket(Connection& connection, Options options, ChannelName channel,
            std::optional<Seqnr> start);
  ~WebSocket() override;

 private:
  class Subscription;

  void on_begin() override {}
  std::size_t on_input(std::string_view bytes) override;
  void on_room() override;
  void on_look(Monotonic now) override;
  bool wants_input() const override;
  void on_stop() override;
  void on_closed() override;

  bool on_event(const ws::Event& event);
  void on_message(std::string_view message);
  std::optional<Failure> open(const ChannelName& channel, const ws::Open& request,
                              const std::string& ref);
  std::optional<Failure> post(const ChannelName& channel, ws::Post request, const std::string& ref);
  std::optional<Failure> close(const ChannelName& channel, const std::string& ref);
  void forget(const std::string& channel_key);
  void say(std::string_view json);
  void refuse(std::string_view channel, Failure failure, std::string_view ref);
  void end(ws::CloseCode code, std::string_view reason);

  Connection& connection_;
  Options options_;
  ChannelName channel_;
  std::optional<Seqnr> start_;
  ws::Reader reader_;
  std::map<std::string, std::unique_ptr<Subscription>, std::less<>> open_;  // by the channel's key
  Monotonic empty_since_;                                                   // nothing is open
  std::size_t undecided_ = 0;                                               // posts
  bool stopping_ = false;
  // A late decision must not meet a WebSocket that is gone.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace yallchat
