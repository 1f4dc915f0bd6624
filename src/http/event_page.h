// Some events of one channel as a JSON object, made one number after the other: batches, and pages
// of history (docs/streams.md).
//
// A value; the loop's thread only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "store/store.h"

namespace yallchat {

class EventPage {
 public:
  // from: the first number that was asked for.
  EventPage(std::string channel, Seqnr from) : channel_(std::move(channel)), next_(from) {}

  Seqnr next() const { return next_; }

  // An event that is no message: before the first one.
  void begin_with(std::string_view event) { append(event, next_); }
  // Messages from next() to those before `first` are not there.
  void skip_to(Seqnr first, bool damaged);
  // As many as limits::batch_bytes have room for, with all that is there already, but one message
  // at least; from next() on. One without a message is damaged, and damaged
  // ones that follow on each other are one gap; or it is before first_kept, and the last.
  void add(const std::vector<HistoryItem>& items, Seqnr first_kept = {});

  // head: a further member, if there is one.
  std::string json(std::optional<Seqnr> head = {}) &&;

 private:
  bool add(const Message& message);
  void append(std::string_view event, Seqnr next);

  std::string channel_;
  Seqnr next_;
  std::string events_;
  std::optional<Seqnr> first_;
  std::optional<Seqnr> last_;
};

}  // namespace yallchat
