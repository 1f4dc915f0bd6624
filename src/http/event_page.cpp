#include "http/event_page.h"

#include "base/limits.h"
#include "protocol/json.h"

namespace yallchat {
namespace {

// What is around the events: names of members, and numbers.
constexpr std::size_t around_bytes = 256;

std::string number_or_null(std::optional<Seqnr> seqnr) {
  return seqnr ? std::to_string(seqnr->value) : "null";
}

}  // namespace

void EventPage::append(std::string_view event, Seqnr next) {
  if (!events_.empty()) events_ += ',';
  events_ += event;
  next_ = next;
}

void EventPage::skip_to(Seqnr first, bool damaged) {
  append(gap_json(channel_, next_, first, damaged ? "damaged-history" : ""), first);
}

// Whether there was room for it.
bool EventPage::add(const Message& message) {
  const std::string event = event_json(channel_, message);
  if (first_ && around_bytes + events_.size() + event.size() > limits::batch_bytes) return false;
  if (!first_) first_ = message.seqnr;
  last_ = message.seqnr;
  append(event, message.seqnr.next());
  return true;
}

void EventPage::add(const std::vector<HistoryItem>& items, Seqnr first_kept) {
  for (std::size_t at = 0; at < items.size();) {
    if (items[at].message) {
      if (!add(*items[at++].message)) return;
      continue;
    }
    if (items[at].seqnr < first_kept) return skip_to(first_kept, false);
    while (at < items.size() && !items[at].message) ++at;
    skip_to(items[at - 1].seqnr.next(), true);
  }
}

std::string EventPage::json(std::optional<Seqnr> head) && {
  std::string out = R"({"events":[)" + std::move(events_);
  out.append(R"(],"first":)").append(number_or_null(first_));
  out.append(R"(,"last":)").append(number_or_null(last_));
  out.append(R"(,"next":)").append(std::to_string(next_.value));
  if (head) out.append(R"(,"head":)").append(std::to_string(head->value));
  return out += '}';
}

}  // namespace yallchat
