// The session's writing: one put at a time, each line once.
#include <algorithm>
#include <utility>

#include "client/session.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

// So many polls in a row must find nothing new before an own message counts as not taken.
constexpr int polls_to_be_sure = 2;

bool means_not_taken(int status) {
  return status == 408 || status == 425 || status == 429 || status == 503;
}

bool means_unknown(int status) {
  return status == 500 || status == 502 || status == 504;
}

}  // namespace

void ClientSession::begin_send() {
  const OutgoingLine& line = *outbox_.front();
  HttpRequest put = request("PUT", "/messages");
  put.headers.emplace_back("type", "MSG");
  put.headers.emplace_back("source", percent_encode_non_ascii(options_.user));
  put.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  put.headers.emplace_back("Idempotency-Key", line.key);
  if (!line.origin.empty()) put.headers.emplace_back("origin", line.origin);
  put.body = line.text;
  outbox_.sent();
  send_ =
      around_.transport.start(std::move(put), [this, used = session_](const HttpOutcome& outcome) {
        send_ = 0;
        on_send(outcome, used);
      });
}

void ClientSession::on_send(const HttpOutcome& outcome, const std::string& used) {
  if (outcome.answer) return on_send_answer(*outcome.answer, used);
  if (outcome.failure.may_have_arrived) return on_outcome_unknown(outcome.failure.message);
  send_again_after(outcome.failure.message);
}

void ClientSession::on_send_answer(const HttpAnswer& answer, const std::string& used) {
  yallchat_ = yallchat_ || answer.header("yallchat").has_value();
  const int status = answer.status;
  if (status >= 200 && status < 300) {
    if (says_false(answer)) return refuse_line(refusal_words(answer));
    const auto seqnr = number_header(answer, "seqnr");
    return on_acknowledged(seqnr ? std::optional<Seqnr>(*seqnr) : std::nullopt);
  }
  OutgoingLine& line = *outbox_.front();
  if (means_no_session(status) && (used != session_ || !line.rejoined_for)) {
    line.rejoined_for = line.rejoined_for || used == session_;
    return lose_session(used, status_words(answer));
  }
  const auto pause = retry_after(answer).value_or(std::chrono::milliseconds(0));
  if (means_not_taken(status)) return send_again_after(refusal_words(answer), pause);
  if (means_unknown(status)) return on_outcome_unknown(refusal_words(answer));
  const bool reused = status == 422 && answer.header("reason") == "key-reused";
  if (reused && yallchat_ && !line.other_key.empty()) {
    line.key = std::exchange(line.other_key, {});
    send_at_ = now();
    return;
  }
  refuse_line(refusal_words(answer));
}

void ClientSession::on_acknowledged(std::optional<Seqnr> seqnr) {
  settling_ = false;
  const std::uint64_t number = outbox_.front()->number;
  outbox_.acknowledged(seqnr);
  sending_.succeeded();
  recovered();
  send_at_ = now();
  if (stream_ == 0 && options_.reads) poll_at_ = now();  // what was said is there to be read
  around_.listener.acknowledged(number, seqnr);
}

void ClientSession::refuse_line(const std::string& why) {
  settling_ = false;
  sending_.succeeded();
  around_.listener.line_refused(outbox_.front()->number, why);
  outbox_.refused();
  send_at_ = now();
}

void ClientSession::give_up_line(const std::string& why) {
  const std::uint64_t number = outbox_.front()->number;
  outbox_.refused();
  send_at_ = now();
  around_.listener.line_unknown(number, why);
}

// The server may have the line, or not.
void ClientSession::on_outcome_unknown(const std::string& why) {
  if (outbox_.front_seen()) return on_acknowledged(std::nullopt);
  outbox_.front()->uncertain = true;
  if (yallchat_) return send_again_after(why);  // it knows the key again
  if (!options_.settles) return give_up_line(why);
  settling_ = true;
  unknown_why_ = why;
  settling_poll_ = false;
  polls_without_it_ = 0;
  poll_at_ = std::min(poll_at_, now());
}

void ClientSession::cancel_send() {
  if (send_ == 0) return;
  around_.transport.cancel(std::exchange(send_, 0));
  outbox_.front()->uncertain = true;
}

std::optional<std::uint64_t> ClientSession::uncertain() const {
  const OutgoingLine* const line = outbox_.front();
  if (line == nullptr || (send_ == 0 && !line->uncertain)) return std::nullopt;
  return line->number;
}

void ClientSession::settle() {
  if (++polls_without_it_ < polls_to_be_sure) return;
  OutgoingLine& line = *outbox_.front();
  if (line.sent_twice)
    return refuse_line("whether it was taken is not known (" + unknown_why_ +
                       "), for the second time; not sent again");
  line.sent_twice = true;
  settling_ = false;
  send_at_ = now();
  around_.listener.warning("line " + std::to_string(line.number) +
                           ": whether it was taken is not known (" + unknown_why_ +
                           "), and it does not appear in the chat; sent again, possibly double");
}

void ClientSession::send_again_after(const std::string& why, std::chrono::milliseconds at_least) {
  const auto at = sending_.failed(at_least);
  if (!at) return end(SessionEnd::How::unreachable, gave_up(why));
  if (at_least.count() == 0) outage(why);  // else the server only asked for patience
  send_at_ = *at;
}

}  // namespace yallchat
