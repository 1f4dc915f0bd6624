#include "hub/history.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"

namespace yallchat {

History::History(Store& store, PostToLoop post_to_loop)
    : store_(store), post_to_loop_(std::move(post_to_loop)) {}

void History::add(Index index, MessagePtr message) {
  auto& channel = recent_[message->channel];
  CHECK(channel.empty() || channel.back()->seqnr.next() == message->seqnr,
        "messages of a channel are consecutive");
  order_.push_back({index, message->channel, message->bytes()});
  recent_bytes_ += message->bytes();
  channel.push_back(std::move(message));
}

void History::evict() {
  const Index stored = store_.written();
  while (recent_bytes_ > limits::recent_bytes && order_.front().index <= stored) {
    const auto channel = recent_.find(order_.front().channel);
    channel->second.pop_front();
    if (channel->second.empty()) recent_.erase(channel);
    recent_bytes_ -= order_.front().bytes;
    order_.pop_front();
  }
}

MessagePtr History::recent(ChannelId channel, Seqnr seqnr) const {
  const auto found = recent_.find(channel);
  if (found == recent_.end() || seqnr < found->second.front()->seqnr) return nullptr;
  const std::size_t offset = seqnr.value - found->second.front()->seqnr.value;
  return offset < found->second.size() ? found->second[offset] : nullptr;
}

const HistoryItem* History::paged(ChannelId channel, Seqnr seqnr) {
  const auto found = page_of_.find(channel);
  if (found == page_of_.end()) return nullptr;
  const auto& items = found->second->items;
  if (seqnr < items.front().seqnr || seqnr > items.back().seqnr) return nullptr;
  pages_.splice(pages_.begin(), pages_, found->second);
  return &items[seqnr.value - items.front().seqnr.value];
}

void History::find(ChannelId channel, Seqnr seqnr, Found found) {
  if (MessagePtr message = recent(channel, seqnr)) {
    found(std::move(message));
  } else if (const HistoryItem* item = paged(channel, seqnr)) {
    found(item->message);
  } else {
    read_page(channel, seqnr, limits::history_page_messages,
              [found = std::move(found)](const std::vector<HistoryItem>& items) {
                found(items.empty() ? nullptr : items.front().message);
              });
  }
}

void History::read(const Range& range, FoundAll found) {
  CHECK(range.from <= range.to, "at least one message is asked for");
  go_on({range, {}, std::move(found)});
}

// Takes what is in memory; for the next that is not, a page is read, and then it is.
void History::go_on(Reading reading) {
  Range& left = reading.left;
  for (; left.from <= left.to; left.from = left.from.next()) {
    HistoryItem item{left.from, recent(left.channel, left.from)};
    if (!item.message) {
      const HistoryItem* found = paged(left.channel, left.from);
      if (!found) return read_on(std::make_shared<Reading>(std::move(reading)));
      item = *found;
    }
    const std::size_t bytes = item.message ? item.message->bytes() : 0;
    if (!reading.items.empty() && bytes > left.bytes) break;
    left.bytes -= std::min(bytes, left.bytes);
    reading.items.push_back(std::move(item));
  }
  reading.found(std::move(reading.items));
}

void History::read_on(const std::shared_ptr<Reading>& reading) {
  const Range& left = reading->left;
  const std::size_t limit =
      std::max<std::size_t>(left.to.value - left.from.value + 1, limits::history_page_messages);
  read_page(left.channel, left.from, limit, [this, reading](const std::vector<HistoryItem>& page) {
    if (!page.empty()) return go_on(std::move(*reading));
    reading->items.push_back({reading->left.from, nullptr});
    reading->found(std::move(reading->items));
  });
}

// Reads and keeps a page, and gives it; an empty one when what it was to begin with is not there.
// What is kept and not recent is in the store; should its row be gone, that is damage and told as
// such.
void History::read_page(ChannelId channel, Seqnr from, std::size_t limit, FoundAll then) {
  auto on_loop = [this, alive = std::weak_ptr(alive_), channel, from,
                  then = std::move(then)](std::vector<HistoryItem> items) {
    if (alive.expired()) return;
    if (!items.empty() && items.front().seqnr != from) items.clear();
    if (!items.empty()) keep(channel, items);
    then(std::move(items));
  };
  store_.read(channel, from, limit,
              [post = post_to_loop_, on_loop = std::move(on_loop)](std::vector<HistoryItem> items) {
                post([on_loop, items = std::move(items)] { on_loop(items); });
              });
}

void History::keep(ChannelId channel, std::vector<HistoryItem> items) {
  if (const auto old = page_of_.find(channel); old != page_of_.end()) {
    page_bytes_ -= old->second->bytes;
    pages_.erase(old->second);
    page_of_.erase(old);
  }
  std::size_t bytes = sizeof(Page);
  for (const HistoryItem& item : items)
    bytes += sizeof item + (item.message ? item.message->bytes() : 0);
  pages_.push_front({channel, std::move(items), bytes});
  page_of_[channel] = pages_.begin();
  page_bytes_ += bytes;
  while (page_bytes_ > limits::history_pages_bytes && pages_.size() > 1) {
    page_bytes_ -= pages_.back().bytes;
    page_of_.erase(pages_.back().channel);
    pages_.pop_back();
  }
}

}  // namespace yallchat
