// The session's search, in place of reading: a page after the other, each asked for as a poll is.
#include <algorithm>

#include "base/limits.h"
#include "client/session.h"

namespace yallchat {

void ClientSession::begin_search() {
  if (!yallchat_)
    return refuse_search("the server cannot search: it is a WeChat server without Y'allChat's more",
                         false);
  const auto& [words, limit] = *options_.search;
  const std::size_t wanted = std::min(limit - found_.hits.size(), limits::client_search_page);
  std::string path = search_path(words, wanted);
  if (search_from_) path += "&from=" + std::to_string(search_from_->value);
  poll_ = around_.transport.start(request("GET", path),
                                  [this, used = session_](const HttpOutcome& outcome) {
                                    poll_ = 0;
                                    on_search(outcome, used);
                                  });
}

void ClientSession::on_search(const HttpOutcome& outcome, const std::string& used) {
  if (!outcome.answer) return poll_again_after(outcome.failure.message);
  const HttpAnswer& answer = *outcome.answer;
  const int status = answer.status;
  if (status == 401) return lose_session(used, status_words(answer));
  if (status == 400) return refuse_search(refusal_words(answer), true);
  const bool cannot = status == 404 || status == 405 || status == 501;
  if (!cannot && (status == 408 || status == 429 || status >= 500))
    return poll_again_after(refusal_words(answer),
                            retry_after(answer).value_or(std::chrono::milliseconds(0)));
  auto page = status == 200 ? read_search_page(answer.body) : std::nullopt;
  if (page) return on_search_page(std::move(*page));
  if (cannot || status == 200)
    return refuse_search("the server cannot search " + status_words(answer), false);
  refuse_search(refusal_words(answer), false);
}

void ClientSession::on_search_page(SearchPage page) {
  reading_.succeeded();
  rejoining_.succeeded();
  recovered();
  const std::size_t limit = options_.search->limit;
  const std::size_t room = limit - found_.hits.size();
  found_.more = page.next.has_value() || page.hits.size() > room;
  if (page.hits.size() > room) page.hits.resize(room);
  std::ranges::move(page.hits, std::back_inserter(found_.hits));
  if (head_ && page.indexed_to < *head_) found_.known_to = page.indexed_to;
  // A page that does not lead on to older messages would be asked for without an end.
  const bool leads_on = page.next && (!search_from_ || *page.next < *search_from_);
  search_from_ = page.next;
  poll_at_ = now();
  if (leads_on && found_.hits.size() < limit) return;
  std::ranges::reverse(found_.hits);
  around_.listener.found(found_);
  leave();
}

void ClientSession::refuse_search(const std::string& why, bool words_are_wrong) {
  around_.listener.not_searched(why, words_are_wrong);
  leave();
}

}  // namespace yallchat
