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

  MessagePtr recent(ChannelId channel, Seqnr seqnr) const;
  const HistoryItem* paged(ChannelId channel, Seqnr seqnr);
  void read_page(ChannelId channel, Seqnr seqnr, Found found);
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
