#include "hub/streams.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "hub/stream.h"
#include "protocol/json.h"

namespace yallchat {
namespace {

constexpr std::string_view stopping_word = "stopping";

}  // namespace

Streams::Streams(Replica& replica, History& history, CurrentDirectory directory)
    : replica_(replica), history_(history), directory_(std::move(directory)) {}

Streams::~Streams() = default;

// --- Coming and going ---

Streams::StreamPtr Streams::open(const Session& session, Options options, Sink& sink) {
  auto& audience = audiences_[session.channel];
  if (!audience) {
    audience = std::make_unique<Audience>();
    const Channel& channel = *replica_.machine().find_channel(session.channel);
    audience->channel = channel.name.text;
    audience->directory = channel.directory_version;
  }
  ++audience->streams;
  auto stream = std::make_shared<Stream>();
  stream->session = session.id;
  stream->audience = audience.get();
  stream->channel = session.channel;
  stream->framing = options.framing;
  stream->ref = std::move(options.ref);
  stream->sink = &sink;
  stream->progress.next = std::max(options.from.value_or(session.cursor), Seqnr(1));
  if (stopping_) stream->ending = stopping_word;
  by_session_[session.id].push_back(stream);
  owe(stream);
  return stream;
}

void Streams::room(const StreamPtr& stream) {
  stream->blocked = false;
  held_.release(stream);
  owe(stream);
}

void Streams::close(const StreamPtr& stream) {
  if (stream->sink) forget(stream);
}

void Streams::forget(const StreamPtr& stream) {
  stream->sink = nullptr;
  held_.release(stream);
  const auto session = by_session_.find(stream->session);
  std::erase(session->second, stream);
  if (session->second.empty()) by_session_.erase(session);
  leave_feed(*stream);
  Audience& audience = *stream->audience;
  std::erase(audience.ahead, stream);
  if (--audience.streams == 0) audiences_.erase(stream->channel);
}

void Streams::leave_feed(Stream& stream) {
  if (stream.is_waiting) stop_waiting(stream);
  Feed* feed = std::exchange(stream.feed, nullptr);
  if (feed && --feed->streams == 0)
    std::erase_if(stream.audience->feeds, [&](const auto& other) { return other.get() == feed; });
}

void Streams::stop_waiting(Stream& stream) {
  auto& waiting = stream.feed->waiting;
  waiting.back()->waiting = stream.waiting;
  std::swap(waiting[stream.waiting], waiting.back());
  waiting.pop_back();
  stream.is_waiting = false;
}

std::size_t Streams::count(SessionId session) const {
  const auto found = by_session_.find(session);
  return found == by_session_.end() ? 0 : found->second.size();
}

// --- What the log did ---

void Streams::on_effects(const Effects& effects) {
  if (audiences_.empty()) return;
  for (const Effect& effect : effects) {
    if (const auto* posted = std::get_if<effect::Posted>(&effect)) {
      on_posted(*posted->message);
    } else if (const auto* joined = std::get_if<effect::Joined>(&effect)) {
      on_membership(joined->channel, "JOIN", joined->user, {});
    } else if (const auto* departed = std::get_if<effect::Departed>(&effect)) {
      const std::string_view reason = word_for(departed->why);
      end(departed->session, reason);
      on_membership(departed->channel, "LEAVE", departed->user, reason);
    }
  }
}

void Streams::on_posted(const Message& message) {
  const auto found = audiences_.find(message.channel);
  if (found == audiences_.end()) return;
  Audience& audience = *found->second;
  if (!audience.feeds.empty())
    add(audience, "MSG", message.seqnr, event_json(audience.channel, message));
  std::erase_if(audience.ahead, [&](const StreamPtr& stream) {
    if (stream->progress.next > message.seqnr.next()) return false;
    stream->ahead = false;
    owe(stream);
    return true;
  });
}

void Streams::on_membership(ChannelId id, std::string_view type, std::string_view user,
                            std::string_view reason) {
  const auto found = audiences_.find(id);
  if (found == audiences_.end()) return;
  Audience& audience = *found->second;
  ++audience.directory;
  const Channel* channel = replica_.machine().find_channel(id);
  // Who leaves last may take the channel with it.
  if (!channel || audience.feeds.empty()) return;
  const Seqnr head = channel->head;
  add(audience, type, head,
      type == "JOIN" ? join_json(audience.channel, head, user)
                     : leave_json(audience.channel, head, user, reason));
}

void Streams::add(Audience& audience, std::string_view type, Seqnr seqnr, std::string_view json) {
  for (const auto& feed : audience.feeds) {
    // What all have been sent nobody needs any more.
    if (feed->waiting.size() == feed->streams)
      feed->frames.clear();
    else
      feed->frames.keep(limits::feed_bytes);
    for (StreamPtr& stream : feed->waiting) {
      stream->is_waiting = false;
      stream->owed = true;
      owed_.push_back(std::move(stream));
    }
    feed->waiting.clear();
    feed->frames.add(feed->framing, type, seqnr, json, {seqnr.next(), audience.directory});
  }
}

void Streams::end(SessionId session, std::string_view reason) {
  const auto found = by_session_.find(session);
  if (found == by_session_.end()) return;
  for (const StreamPtr& stream : found->second) {
    if (stream->ending.empty()) stream->ending = reason;
    owe(stream);
  }
}

void Streams::stop() {
  stopping_ = true;
  for (const auto& [session, streams] : by_session_) end(session, stopping_word);
}

// --- Sending ---

void Streams::owe(const StreamPtr& stream) {
  if (stream->owed || !stream->sink) return;
  if (stream->is_waiting) stop_waiting(*stream);
  stream->owed = true;
  owed_.push_back(stream);
}

void Streams::serve() {
  for (std::size_t left = limits::streams_a_turn; left > 0 && !owed_.empty(); --left) {
    const StreamPtr stream = std::move(owed_.front());
    owed_.pop_front();
    stream->owed = false;
    if (stream->sink) serve(stream);
  }
}

void Streams::serve(const StreamPtr& stream) {
  if (stream->blocked || stream->reading) {
    // It is told when there is room, or the store has answered; but an end does not wait.
  } else if (stream->feed) {
    serve_live(stream);
  } else if (stream->ending.empty()) {
    catch_up(stream);
  }
  if (stream->sink && !stream->ending.empty()) finish(stream);
}

void Streams::serve_live(const StreamPtr& stream) {
  Feed& feed = *stream->feed;
  if (stream->at < feed.frames.begin()) {
    leave_feed(*stream);
    owe(stream);
  } else if (send(*stream, feed.frames, stream->at)) {
    await_event(stream);
  }
}

// It has been sent all that there is.
void Streams::await_event(const StreamPtr& stream) {
  Feed& feed = *stream->feed;
  stream->at = feed.frames.end();
  stream->is_waiting = true;
  stream->waiting = feed.waiting.size();
  feed.waiting.push_back(stream);
}

// Whether all was sent. If not, the stream is where it stopped, between two events, and not live.
bool Streams::send(Stream& stream, const Frames& frames, std::uint64_t at) {
  const std::string_view bytes = frames.from(at);
  if (bytes.empty()) return true;
  const std::size_t sent = stream.sink->write(bytes);
  if (!stream.sink) return false;  // it was broken, and is closed
  if (sent == bytes.size()) {
    stream.progress = frames.last().progress;
    return true;
  }
  if (sent != 0) {
    const Frames::Mark& mark = frames.ending_behind(at + sent);
    stream.sink->keep(frames.view(at + sent, mark.end));
    stream.progress = mark.progress;
  }
  stream.blocked = true;
  leave_feed(stream);
  return false;
}

void Streams::finish(const StreamPtr& stream) {
  const Seqnr read(stream->progress.next.value - 1);
  std::string last;
  stream->framing.add(last, "END", read, end_json(stream->audience->channel, read, stream->ending));
  Sink& sink = *stream->sink;
  forget(stream);
  sink.keep(last);
  sink.over();
}

}  // namespace yallchat
