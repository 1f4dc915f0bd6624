// A stream as the hub knows it, and what those of a channel share. For the sources of Streams only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hub/frames.h"
#include "hub/streams.h"

namespace yallchat {

// Live events of a channel in one framing.
struct Streams::Feed {
  Framing framing;
  Frames frames;
  std::vector<StreamPtr> waiting;  // have been sent all of it
  std::size_t streams = 0;         // live ones, waiting or not
};

// The streams of one channel.
struct Streams::Audience {
  std::string channel;
  // The version of the directory that the events so far make: one command may make several.
  std::uint64_t directory = 0;
  std::size_t streams = 0;
  std::vector<StreamPtr> ahead;  // asked for messages that are not there yet
  std::vector<std::unique_ptr<Feed>> feeds;
};

class Streams::Stream {
 public:
  SessionId session;
  ChannelId channel;
  Audience* audience = nullptr;
  Framing framing{};
  std::string ref;
  Sink* sink = nullptr;  // null: closed
  // Directory 0: not told who is there.
  Frames::Progress progress;
  Feed* feed = nullptr;     // when live
  std::uint64_t at = 0;     // in the feed: between two events
  std::size_t waiting = 0;  // its place among the feed's waiting ones
  bool is_waiting = false;
  bool ahead = false;    // is in the audience's list
  bool owed = false;     // is in owed_
  bool blocked = false;  // its sink had no room
  bool reading = false;  // waits for the store
  std::string ending;    // why it is over
};

}  // namespace yallchat
