// Streams: readers to whom events are pushed, each at its own pace.
//
// A stream begins in history, at the message that it asked for, and goes live when it has read up
// to the newest one. Live events are encoded once for all streams of a channel (a Feed), which send
// from the same bytes: what a stream is owed goes out in one write, and nothing is kept for it. A
// stream that cannot take more is live no longer: it stays where it is, between two events, until
// there is room, and goes on from history. A directory, which may be long, is one text for all who
// are given it, and of these there are not many (HeldDirectories). So of a slow reader there is
// kept what is left of one message, and no more.
//
// Owner: the hub. The loop's thread only.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/limits.h"
#include "hub/directory.h"
#include "hub/frames.h"
#include "hub/held_directories.h"
#include "hub/history.h"
#include "replica/replica.h"

namespace yallchat {

class Streams {
 public:
  // Where a stream's bytes go. It may close() its stream from within any of these.
  class Sink {
   public:
    // Sends what there is room for now, and returns how many bytes that was. If it was not all,
    // room() must follow when there is some.
    virtual std::size_t write(std::string_view bytes) = 0;
    // The same of an event that is shared. Once some of it was sent, the rest goes out before
    // anything else; the sink holds on to the event for that.
    virtual std::size_t write(SharedEvent event) = 0;
    // The rest of an event that was begun, or the last event: goes out before anything else.
    virtual void keep(std::string_view rest) = 0;
    // The last event was given; the stream is no more.
    virtual void over() = 0;
    // What it holds is wanted by others: it must let go of the event that it is in the middle of,
    // and so break off the connection, and close() the stream.
    virtual void give_up() = 0;

   protected:
    ~Sink() = default;
  };

  // What a stream is to be.
  struct Options {
    std::optional<Seqnr> from;  // the first message that is wanted; none: the session's cursor
    Framing framing;
    std::string ref = {};  // JSON that its first directory has as its "ref"; empty: none
  };

  class Stream;
  using StreamPtr = std::shared_ptr<Stream>;
  using CurrentDirectory = std::function<Directory(const Channel&)>;

  Streams(Replica& replica, History& history, CurrentDirectory directory);
  ~Streams();

  // Opens a stream; options say from where. The sink must live until over(), or until it closes the
  // stream.
  StreamPtr open(const Session& session, Options options, Sink& sink);
  // There is room again.
  void room(const StreamPtr& stream);
  void close(const StreamPtr& stream);

  std::size_t count(SessionId session) const;
  // The server stops: every stream is given its end, also those that are opened later.
  void stop();

  void on_effects(const Effects& effects);
  // Sends to streams that are owed something: to so many at most. Each turn.
  void serve();
  bool has_work() const { return !owed_.empty(); }

 private:
  struct Feed;
  struct Audience;

  void on_posted(const Message& message);
  void on_membership(ChannelId channel, std::string_view type, std::string_view user,
                     std::string_view reason);
  void add(Audience& audience, std::string_view type, Seqnr seqnr, std::string_view json);
  void end(SessionId session, std::string_view reason);
  void owe(const StreamPtr& stream);
  void serve(const StreamPtr& stream);
  void serve_live(const StreamPtr& stream);
  static void await_event(const StreamPtr& stream);
  void catch_up(const StreamPtr& stream);
  bool send_directory(const StreamPtr& stream, const Channel& channel);
  bool send_directory(Stream& stream, const Directory& directory);
  void give_up_beyond_bound();
  static Frames begin_page(const Stream& stream, const Channel& channel);
  void read_history(const StreamPtr& stream, Frames page, Seqnr next);
  void on_history(const StreamPtr& stream, Frames page, const std::vector<HistoryItem>& items);
  void go_live(const StreamPtr& stream, const Channel& channel);
  bool send(Stream& stream, const Frames& frames, std::uint64_t at);
  void finish(const StreamPtr& stream);
  void forget(const StreamPtr& stream);
  void leave_feed(Stream& stream);
  static void stop_waiting(Stream& stream);

  Replica& replica_;
  History& history_;
  CurrentDirectory directory_;
  HeldDirectories<StreamPtr> held_{limits::held_directory_bytes};
  std::unordered_map<ChannelId, std::unique_ptr<Audience>> audiences_;
  std::unordered_map<SessionId, std::vector<StreamPtr>> by_session_;
  std::deque<StreamPtr> owed_;
  bool stopping_ = false;
};

}  // namespace yallchat
