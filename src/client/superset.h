// What only a Y'allChat server says (docs/streams.md): the events of a stream, the pages of a
// search and of history, the list of channels.
//
// Unlike the answers of any WeChat server (reply.h) these have one form, and what does not have it
// is nothing. Members that are not known are ignored. Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "client/reply.h"

namespace yallchat {

struct StreamEvent {
  enum class Type { message, directory, joined, left, gap, end, other };
  Type type = Type::other;
  Event event;         // a message; the names of a directory; the source of joined and left
  Seqnr from;          // of a gap: the oldest message that is missing
  Seqnr first;         // of a gap: the oldest message after it
  std::string reason;  // of left, gap and end; may be empty
};

// One line of a stream; an event of a type that is not known is other. Nothing: it is no event.
std::optional<StreamEvent> read_stream_event(std::string_view line);

struct Hit {
  Event message;
  // Where the words are in its body, in code points, from and behind: in order, apart from each
  // other.
  std::vector<std::pair<std::size_t, std::size_t>> marks;
};

struct SearchPage {
  std::vector<Hit> hits;      // newest first
  std::optional<Seqnr> next;  // from where the next page is; none: this was the last
  Seqnr indexed_to;           // the newest message that the search knew of
};

std::optional<SearchPage> read_search_page(std::string_view body);

// The path of a page of search, behind that of the channel.
std::string search_path(const std::string& words, std::size_t limit);

struct HistoryPage {
  std::vector<StreamEvent> events;  // messages and gaps, in their order
  Seqnr next;                       // the message after them
  Seqnr head;                       // the newest of the channel
};

std::optional<HistoryPage> read_history_page(std::string_view body);

struct ListedChannel {
  std::string channel;
  std::size_t users = 0;
  Seqnr head;
};

std::optional<std::vector<ListedChannel>> read_channel_list(std::string_view body);

}  // namespace yallchat
