// What the session reads beside the newest: pages of history and of hits, each when it is asked
// for.
//
// They move no cursor and are not repeated when they fail: whoever wanted one asks again.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "client/session.h"

namespace yallchat {
namespace {

constexpr const char* only_yallchat =
    "the server has no more than WeChat, which keeps no pages of history";

}  // namespace

void ClientSession::load_history(std::optional<Seqnr> before, std::size_t limit) {
  if (phase_ != Phase::live) return around_.listener.no_history("not connected");
  if (!yallchat_) return around_.listener.no_history(only_yallchat);
  if (history_ != 0) return;
  wanted_ = {.from = {}, .before = before, .limit = limit, .page = {}};
  if (before) {
    wanted_.from = Seqnr(before->value - std::min<std::uint64_t>(before->value - 1, limit));
    wanted_.limit = before->value - wanted_.from->value;
  }
  if (wanted_.limit == 0) return around_.listener.history({.events = {}, .oldest = true});
  begin_history();
}

void ClientSession::begin_history() {
  std::string path = "/messages?limit=" + std::to_string(wanted_.limit);
  if (wanted_.from) path += "&from=" + std::to_string(wanted_.from->value);
  history_ = around_.transport.start(request("GET", path),
                                     [this, used = session_](const HttpOutcome& outcome) {
                                       history_ = 0;
                                       on_history(outcome, used);
                                     });
}

void ClientSession::on_history(const HttpOutcome& outcome, const std::string& used) {
  if (!outcome.answer) return around_.listener.no_history(outcome.failure.message);
  const HttpAnswer& answer = *outcome.answer;
  if (answer.status == 401) {
    around_.listener.no_history(status_words(answer));
    return lose_session(used, status_words(answer));
  }
  auto page = answer.status == 200 ? read_history_page(answer.body) : std::nullopt;
  if (!page) return around_.listener.no_history(refusal_words(answer));
  on_history_page(std::move(*page));
}

// A page may end early, where it is long in bytes: then the rest is asked for as well.
void ClientSession::on_history_page(HistoryPage page) {
  History& all = wanted_.page;
  const bool first = all.events.empty();
  for (StreamEvent& event : page.events) {
    if (event.type == StreamEvent::Type::message && wanted_.before &&
        *event.event.seqnr >= *wanted_.before)
      continue;
    all.events.push_back(std::move(event));
  }
  if (first && !all.events.empty()) {
    const StreamEvent& oldest = all.events.front();
    const bool cut = oldest.type == StreamEvent::Type::gap && oldest.reason.empty();
    all.oldest = cut || oldest.event.seqnr == Seqnr(1);
  }
  const Seqnr end = wanted_.before.value_or(page.head.next());
  const std::size_t left = page.next < end ? end.value - page.next.value : 0;
  if (left != 0 && left < wanted_.limit) {
    wanted_.from = page.next;
    wanted_.limit = left;
    return begin_history();
  }
  all.oldest = all.oldest || all.events.empty();
  around_.listener.history(std::exchange(all, {}));
}

void ClientSession::find(const std::string& words, std::size_t limit) {
  if (phase_ != Phase::live) return around_.listener.not_searched("not connected", false);
  if (!yallchat_) return around_.listener.not_searched(only_yallchat, false);
  if (find_ != 0) return;
  HttpRequest page =
      request("GET", search_path(words, std::min(limit, limits::client_search_page)));
  find_ =
      around_.transport.start(std::move(page), [this, used = session_](const HttpOutcome& outcome) {
        find_ = 0;
        on_find(outcome, used);
      });
}

void ClientSession::on_find(const HttpOutcome& outcome, const std::string& used) {
  if (!outcome.answer) return around_.listener.not_searched(outcome.failure.message, false);
  const HttpAnswer& answer = *outcome.answer;
  auto page = answer.status == 200 ? read_search_page(answer.body) : std::nullopt;
  if (!page) {
    around_.listener.not_searched(refusal_words(answer), answer.status == 400);
    if (answer.status == 401) lose_session(used, status_words(answer));
    return;
  }
  Found found{.hits = std::move(page->hits), .more = page->next.has_value(), .known_to = {}};
  std::ranges::reverse(found.hits);
  around_.listener.found(found);
}

void ClientSession::cancel_pages() {
  for (const auto id : {history_, find_}) around_.transport.cancel(id);
  history_ = find_ = 0;
}

}  // namespace yallchat
