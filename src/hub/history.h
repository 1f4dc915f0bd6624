// Messages by channel and seqnr: the recent ones from memory, older ones from the store.
//
// Always holds what the store does not have yet, so that a read never has to wait for the store to
// catch up. Beyond that it keeps recent messages, and the last page that was read of a channel,
// within bounds. Owner: the hub; the loop's thread only. Answers of the store are brought back to
// it by `post_to_loop`.
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>

#include "base/ids.h"
#include "protocol/message.h"
#include "store/store.h"

namespace yallchat {

class History {
 public:
  // Runs a function on the loop's thread, soon. Any thread may call it.
  using PostToLoop = std::function<void(std::function<void()>)>;
  // message is null when the message is damaged in the store.
  using Found = std::function<void(MessagePtr message)>;

  History(Store& store, PostToLoop post_to_loop);

  // A message that entry index appended.
  void add(Index index, MessagePtr message);

  // Finds a message that is kept (channel.first <= seqnr <= channel.head). found is called once: at
  // once when it is in memory, else later.
  void find(ChannelId channel, Seqnr seqnr, Found found);

  // Messages one after the other, all of which are kept when they are asked for (channel.first <=
  // from <= to <= channel.head).
  struct Range {
    ChannelId channel;
    Seqnr from;
    Seqnr to;
    std::size_t bytes;  // in memory, about: at most so many, but at least one message
  };
  using FoundAll = std::function<void(std::vector<HistoryItem> items)>;

  // Finds as many of them as there is room for. found is called once, at once when all of them are
  // in memory, else later; with one item at least, consecutive, from range.from on. One without a
  // message is damaged in the store. Or the channel's floor has passed it meanwhile, and then it is
  // the last: who asked goes on at the floor. Each call has one page at a time read by the store.
  void read(const Range& range, FoundAll found);

  // Lets go of what the store has, beyond the bound. Every turn.
  void evict();

 private:
  struct Page {
    ChannelId channel;
    std::vector<HistoryItem> items;
    std::size_t bytes;
  };
  struct Recent {
    Index index;
    ChannelId channel;
    std::size_t bytes;
  };

  // What is left of a range, and what was found of it.
  struct Reading {
    Range left;
    std::vector<HistoryItem> items;
    FoundAll found;
  };

  MessagePtr recent(ChannelId channel, Seqnr seqnr) const;
  const HistoryItem* paged(ChannelId channel, Seqnr seqnr);
  void go_on(Reading reading);
  void read_on(const std::shared_ptr<Reading>& reading);
  void read_page(ChannelId channel, Seqnr from, std::size_t limit, FoundAll then);
  void keep(ChannelId channel, std::vector<HistoryItem> items);

  Store& store_;
  PostToLoop post_to_loop_;
  std::unordered_map<ChannelId, std::deque<MessagePtr>> recent_;  // consecutive, oldest first
  std::deque<Recent> order_;                                      // all of them, oldest first
  std::size_t recent_bytes_ = 0;
  std::list<Page> pages_;  // latest used first
  std::unordered_map<ChannelId, std::list<Page>::iterator> page_of_;
  std::size_t page_bytes_ = 0;
  // A late answer of the store must not meet a History that is gone.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace yallchat
