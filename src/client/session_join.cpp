// The session's beginning: join, the directory, and a lost session made anew.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "client/session.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

// A first join whose answer was lost is repeated this often: the server is there, but perhaps none
// of ours.
constexpr int first_tries = 3;

// However soon a server ends idle sessions.
constexpr std::chrono::milliseconds shortest_stay{500};

bool worth_repeating(int status) {
  return status == 408 || status == 425 || status == 429 || status == 500 || status == 502 ||
         status == 503 || status == 504;
}

std::string taken(const std::string& user) {
  return "the name '" + user +
         "' is taken, perhaps by your own earlier session; free in 60 s at most";
}

}  // namespace

std::string ClientSession::new_join_key() {
  return options_.join_key.empty() ? new_idempotency_key(around_.random) : options_.join_key;
}

void ClientSession::begin_join() {
  HttpRequest join = request("PUT", "/join/" + percent_encode_segment(options_.user));
  join.headers.emplace_back("Idempotency-Key", join_key_);
  join_ = around_.transport.start(std::move(join), [this](const HttpOutcome& outcome) {
    join_ = 0;
    on_join(outcome);
  });
}

void ClientSession::on_join(const HttpOutcome& outcome) {
  if (!outcome.answer) return on_join_failed(outcome.failure);
  const HttpAnswer& answer = *outcome.answer;
  const auto session = answer.header("session");
  const bool joined = answer.status >= 200 && answer.status < 300 && session && !session->empty() &&
                      *session != "false" && !says_false(answer);
  if (joined) return on_joined(answer, std::string(*session));
  on_join_refused(answer);
}

void ClientSession::on_joined(const HttpAnswer& answer, const std::string& session) {
  const bool again = joined_;
  joined_ = true;
  saved_ = false;
  session_ = session;
  if (phase_ == Phase::leaving) return begin_leave();
  yallchat_ = yallchat_ || answer.header("yallchat").has_value();
  name_may_be_ours_ = true;
  reading_.succeeded();
  taken_.succeeded();
  const auto head = number_header(answer, "seqnr");
  const std::optional<Seqnr> last = head ? std::optional<Seqnr>(*head) : std::nullopt;
  if (again) around_.listener.warning("joined again");
  cursor_.joined(yallchat_, last);
  // A server that lost messages cannot give those up to the first head.
  if (yallchat_ && last && (!head_ || *last < *head_)) head_ = last;
  begin_directory(read_directory(answer));
}

void ClientSession::on_join_failed(const HttpFailure& failure) {
  if (phase_ == Phase::leaving) return end(SessionEnd::How::left, "");
  name_may_be_ours_ = name_may_be_ours_ || failure.may_have_arrived;
  const bool first = !joined_ && !options_.patient;
  const bool hopeless = !failure.may_have_arrived || failure.timed_out;
  if (first && (hopeless || ++first_tries_ >= first_tries))
    return end(SessionEnd::How::unreachable, failure.message);
  join_again(failure.message, SessionEnd::How::unreachable);
}

void ClientSession::on_join_refused(const HttpAnswer& answer) {
  if (phase_ == Phase::leaving) return end(SessionEnd::How::left, "");
  const bool no_session_given = answer.status >= 200 && answer.status < 300;
  if (answer.status == 409 || (no_session_given && saved_)) return on_name_taken();
  const std::string words = refusal_words(answer);
  if (answer.status == 404) return end(SessionEnd::How::refused, words);  // not the user's fault
  if (worth_repeating(answer.status))
    return join_again(words, SessionEnd::How::unreachable,
                      retry_after(answer).value_or(std::chrono::milliseconds(0)));
  if (answer.status >= 200 && answer.status < 300 && !says_false(answer))
    return end(SessionEnd::How::refused, "the server did not let '" + options_.user +
                                             "' into the channel '" + options_.url.channel +
                                             "': it gave no session");
  end(SessionEnd::How::refused, "the server did not let '" + options_.user +
                                    "' into the channel '" + options_.url.channel + "': " + words);
}

void ClientSession::on_name_taken() {
  if (std::exchange(saved_, false)) return try_saved_session();
  // After a join whose answer was lost, or a lost session, the holder is probably this very
  // program.
  const auto at = name_may_be_ours_ ? taken_.failed() : std::nullopt;
  if (!at) {
    const bool waited = name_may_be_ours_ && !options_.taken;
    end(SessionEnd::How::refused, waited ? gave_up(taken(options_.user)) : taken(options_.user));
    end_->name_taken = true;
    return;
  }
  outage(taken(options_.user));
  join_at_ = *at;
}

// A server that knows no repeated joins may still know the session of an earlier run. One that only
// stays goes on with it. One that reads gives it up for a new one: where the old one stands is not
// known, and a position that it asked for before may not count again.
void ClientSession::try_saved_session() {
  join_ = around_.transport.start(
      options_.reads ? request("PUT", "/leave/") : request("GET", "/directory"),
      [this](const HttpOutcome& outcome) {
        join_ = 0;
        const auto& answer = outcome.answer;
        const bool known = answer && answer->status == 200;
        if (phase_ == Phase::leaving) return begin_leave();
        if (!known) return on_name_taken();
        if (options_.reads) return begin_join();
        on_joined(*answer, session_);
      });
}

void ClientSession::join_again(const std::string& why, SessionEnd::How otherwise,
                               std::chrono::milliseconds at_least) {
  const auto at = reading_.failed(at_least);
  if (!at) return end(otherwise, gave_up(why));
  outage(why);
  join_at_ = *at;
}

// The original asks for the directory first; a Y'allChat server has given it with the join.
void ClientSession::begin_directory(const std::optional<std::vector<std::string>>& from_join) {
  if (yallchat_ && from_join) return go_live(from_join);
  phase_ = Phase::directory;
  join_ = around_.transport.start(request("GET", "/directory"),
                                  [this, from_join](const HttpOutcome& outcome) {
                                    join_ = 0;
                                    std::optional<std::vector<std::string>> names;
                                    if (outcome.answer && outcome.answer->status == 200)
                                      names = read_directory(*outcome.answer);
                                    go_live(names ? names : from_join);
                                  });
}

void ClientSession::go_live(const std::optional<std::vector<std::string>>& names) {
  phase_ = Phase::live;
  known_in_a_row_ = 0;
  poll_at_ = send_at_ = now();
  recovered();
  if (names) take_directory(*names);
}

// used: the key that the server did not accept. An answer that was under way while the session was
// made anew says nothing about the new one.
void ClientSession::lose_session(const std::string& used, const std::string& reason) {
  if (phase_ != Phase::live || used != session_) return;
  ++breaks_;
  const bool in_a_row = rejoining_.failing();
  const auto at = rejoining_.failed();
  const std::string why = "the server ended the session " + reason;
  if (in_a_row && !at) return end(SessionEnd::How::unreachable, gave_up(why));
  around_.listener.warning(why + "; joining again");
  close_stream();
  if (!options_.reads) options_.interval = std::max(options_.interval / 2, shortest_stay);
  phase_ = Phase::joining;
  join_key_ = new_join_key();
  join_at_ = in_a_row ? *at : now();
}

}  // namespace yallchat
