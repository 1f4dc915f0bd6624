#include "bridge/channel_list.h"

#include <utility>

#include "base/limits.h"
#include "bridge/digest.h"
#include "bridge/hops.h"
#include "client/superset.h"

namespace yallchat {

using std::chrono::milliseconds;

void ChannelList::turn() {
  if (request_ != 0 || around_.clock.monotonic() < ask_at_) return;
  HttpRequest list;
  list.method = "GET";
  list.url = server_.root + "/chats";
  list.timeout = milliseconds(limits::client_request_timeout_ms);
  request_ = around_.transport.start(std::move(list), [this](const HttpOutcome& outcome) {
    request_ = 0;
    on_answer(outcome);
  });
}

void ChannelList::on_answer(const HttpOutcome& outcome) {
  ask_at_ = around_.clock.monotonic() + milliseconds(limits::bridge_list_ms);
  if (!outcome.answer || outcome.answer->status >= 500 || outcome.answer->status == 429) return;
  const auto list =
      outcome.answer->status == 200 ? read_channel_list(outcome.answer->body) : std::nullopt;
  if (!list) {
    if (state_ == State::unknown) state_ = State::none;
    return;
  }
  state_ = State::listed;
  for (const ListedChannel& one : *list) listed_.push_back(one.channel);
  if (first_) return;
  first_.emplace();
  for (const ListedChannel& one : *list) first_->insert(mark(channel_key(one.channel)));
}

std::string ChannelList::mark(const std::string& key) {
  return short_digest({key});
}

std::vector<std::string> ChannelList::take() {
  return std::exchange(listed_, {});
}

}  // namespace yallchat
