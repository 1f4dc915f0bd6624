// Streams that are not live yet: what they read before they are, the directory first.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "hub/stream.h"
#include "hub/streams.h"
#include "protocol/json.h"

namespace yallchat {

void Streams::catch_up(const StreamPtr& stream) {
  const Channel& channel = *replica_.machine().find_channel(stream->channel);
  if (!send_directory(stream, channel)) return;
  Frames page = begin_page(*stream, channel);
  const Seqnr next = page.empty() ? stream->progress.next : page.last().progress.next;
  if (next <= channel.head)
    read_history(stream, std::move(page), next);
  else if (!send(*stream, page, page.begin()))
    return;
  else if (stream->progress.directory == channel.directory_version)
    go_live(stream, channel);
  else  // it was given another than the current one
    owe(stream);
}

// Who is there, if that was not told. Whether the stream can be sent more.
bool Streams::send_directory(const StreamPtr& stream, const Channel& channel) {
  const Frames::Progress& progress = stream->progress;
  const bool has_all = std::max(progress.next, channel.first) > channel.head;
  if (progress.directory != 0 && (!has_all || progress.directory == channel.directory_version))
    return true;
  auto directory = held_.instead(channel.id, progress.directory);
  if (!directory) directory = directory_(channel);
  if (send_directory(*stream, *directory)) return true;
  const bool begun = stream->sink && progress.directory == directory->version;
  if (begun) {
    held_.hold(stream, channel.id, *directory);
    give_up_beyond_bound();
  }
  return false;
}

void Streams::give_up_beyond_bound() {
  for (auto readers = held_.beyond(); !readers.empty(); readers = held_.beyond()) {
    // One connection may have several of them.
    for (const StreamPtr& reader : readers) {
      if (reader->sink) reader->sink->give_up();
      CHECK(!reader->sink, "who is given up closes its stream");
    }
  }
}

bool Streams::send_directory(Stream& stream, const Directory& directory) {
  Frames::Progress& progress = stream.progress;
  const TextPtr& names = directory.json;
  const Seqnr read(progress.next.value - 1);
  const std::string begin = directory_event_begin(stream.audience->channel, read);
  SharedEvent event{{}, names, directory_event_end(stream.ref)};
  stream.framing.begin(event.head, "DIR", read, begin.size() + names->size() + event.tail.size());
  event.head += begin;
  event.tail += stream.framing.end;
  const std::size_t bytes = event.size();
  const std::size_t sent = stream.sink->write(std::move(event));
  if (!stream.sink) return false;  // it was broken, and is closed
  if (sent != 0) {
    progress.directory = directory.version;
    stream.ref.clear();
  }
  stream.blocked = sent != bytes;
  return !stream.blocked;
}

// What comes before the messages: what is not kept.
Frames Streams::begin_page(const Stream& stream, const Channel& channel) {
  Frames page;
  Frames::Progress progress = stream.progress;
  if (progress.next < channel.first) {
    const Seqnr missed = std::exchange(progress.next, channel.first);
    page.add(stream.framing, "GAP", Seqnr(channel.first.value - 1),
             gap_json(stream.audience->channel, missed, channel.first, {}), progress);
  }
  return page;
}

void Streams::read_history(const StreamPtr& stream, Frames page, Seqnr next) {
  const Seqnr head = replica_.machine().find_channel(stream->channel)->head;
  const Seqnr to(std::min(head.value, next.value + limits::catch_up_messages - 1));
  stream->reading = true;
  history_.read({stream->channel, next, to, limits::catch_up_bytes},
                [this, stream, page = std::move(page)](const std::vector<HistoryItem>& items) {
                  stream->reading = false;
                  if (stream->sink && stream->ending.empty()) on_history(stream, page, items);
                });
}

void Streams::on_history(const StreamPtr& stream, Frames page,
                         const std::vector<HistoryItem>& items) {
  const Seqnr first = replica_.machine().find_channel(stream->channel)->first;
  const std::string& name = stream->audience->channel;
  const std::uint64_t directory = stream->progress.directory;
  for (const HistoryItem& item : items) {
    // The floor has passed it meanwhile: the next look says so.
    if (!item.message && item.seqnr < first) break;
    const Frames::Progress after{item.seqnr.next(), directory};
    if (item.message)
      page.add(stream->framing, "MSG", item.seqnr, event_json(name, *item.message), after);
    else
      page.add(stream->framing, "GAP", item.seqnr,
               gap_json(name, item.seqnr, after.next, "damaged-history"), after);
  }
  if (send(*stream, page, page.begin())) owe(stream);
}

void Streams::go_live(const StreamPtr& stream, const Channel& channel) {
  Audience& audience = *stream->audience;
  if (stream->progress.next > channel.head.next()) {
    if (!std::exchange(stream->ahead, true)) audience.ahead.push_back(stream);
    return;
  }
  const auto same = [&](const auto& feed) { return feed->framing == stream->framing; };
  auto found = std::find_if(audience.feeds.begin(), audience.feeds.end(), same);
  if (found == audience.feeds.end()) {
    audience.feeds.push_back(std::make_unique<Feed>());
    found = std::prev(audience.feeds.end());
    (*found)->framing = stream->framing;
  }
  Feed& feed = **found;
  ++feed.streams;
  stream->feed = &feed;
  await_event(stream);
}

}  // namespace yallchat
