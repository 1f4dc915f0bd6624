// The session's reading: one poll at a time, at once after an event, else at the interval.
#include <algorithm>

#include "base/limits.h"
#include "client/session.h"

namespace yallchat {
namespace {

bool means_no_such_path(int status) {
  return status == 400 || status == 404 || status == 405 || status == 501;
}

// While the end waits for own messages to be read back, nobody should wait for a long interval.
constexpr std::chrono::milliseconds finishing_interval{200};

}  // namespace

std::chrono::milliseconds ClientSession::poll_interval() const {
  return finishing_ || settling_ ? std::min(options_.interval, finishing_interval)
                                 : options_.interval;
}

void ClientSession::begin_poll() {
  using Form = Cursor::Position::Form;
  const Cursor::Position asked = cursor_.position();
  const std::string number = std::to_string(asked.seqnr.value);
  HttpRequest poll =
      request("GET", asked.form == Form::path ? "/" + number + "/events" : "/events");
  if (asked.form == Form::header) poll.headers.emplace_back("seqnr", number);
  if (!yallchat_) poll.timeout = std::chrono::milliseconds(limits::client_poll_timeout_ms);
  settling_poll_ = settling_;
  poll_ = around_.transport.start(std::move(poll),
                                  [this, asked, used = session_](const HttpOutcome& outcome) {
                                    poll_ = 0;
                                    on_poll(outcome, asked, used);
                                  });
}

void ClientSession::begin_stay() {
  poll_ = around_.transport.start(request("GET", "/directory"),
                                  [this, used = session_](const HttpOutcome& outcome) {
                                    poll_ = 0;
                                    if (outcome.answer && outcome.answer->status == 200) {
                                      reading_.succeeded();
                                      rejoining_.succeeded();
                                      recovered();
                                      poll_at_ = now() + options_.interval;
                                      return;
                                    }
                                    on_poll(outcome, {}, used);
                                  });
}

void ClientSession::on_poll(const HttpOutcome& outcome, const Cursor::Position& asked,
                            const std::string& used) {
  if (!outcome.answer) return poll_again_after(outcome.failure.message);
  const HttpAnswer& answer = *outcome.answer;
  yallchat_ = yallchat_ || answer.header("yallchat").has_value();
  if (answer.status >= 200 && answer.status < 300) return on_events(answer, asked);
  if (asked.form == Cursor::Position::Form::path && means_no_such_path(answer.status)) {
    cursor_.path_refused();
    poll_at_ = now();
    return;
  }
  if (means_no_session(answer.status)) return lose_session(used, status_words(answer));
  poll_again_after(refusal_words(answer),
                   retry_after(answer).value_or(std::chrono::milliseconds(0)));
}

void ClientSession::on_events(const HttpAnswer& answer, const Cursor::Position& asked) {
  if (reading_.failing()) {  // the server is back, and perhaps another one
    stream_tries_.succeeded();
    stream_at_ = now();
  }
  reading_.succeeded();
  rejoining_.succeeded();
  recovered();
  bool more = false;
  const std::vector<Event> events = read_events(answer);
  for (const Event& event : events) more = take(event, answer, asked) || more;
  // What is known already may stand before what is new, such as the directory after a join.
  known_in_a_row_ = (more || events.empty()) ? 0 : known_in_a_row_ + 1;
  more = more || known_in_a_row_ == 1;
  poll_at_ = more ? now() : now() + poll_interval();
  if (!more) on_nothing_new();
  if (events.empty() || (!more && !head_)) caught_up_ = true;
  if (head_ && cursor_.reached(*head_)) caught_up_ = true;
  if (caught_up_ && options_.stop_when_caught_up) leave();
}

// Whether it was not known already, so that there may be more at once.
bool ClientSession::take(const Event& event, const HttpAnswer& answer,
                         const Cursor::Position& asked) {
  if (event.type == Event::Type::other) return false;
  if (event.type == Event::Type::directory) return take_directory(event.names);
  const auto kept = number_header(answer, "first-seqnr");
  const Cursor::Taken taken =
      cursor_.take(event, asked, kept ? std::optional<Seqnr>(*kept) : std::nullopt);
  show(event, taken);
  return taken.progress;
}

// Whether it was news.
bool ClientSession::take_directory(const std::vector<std::string>& names) {
  const bool first = !roster_.known();
  const Roster::Change change = roster_.update(names);
  if (first) around_.listener.here(roster_.names());
  if (!change.empty()) around_.listener.changed(change);
  return first || !change.empty();
}

void ClientSession::show(const Event& event, const Cursor::Taken& taken) {
  if (!taken.fresh) return;
  if (taken.anew)
    around_.listener.warning("the channel counts from the beginning again: its history was lost");
  if (taken.gap) around_.listener.gap(taken.gap->from, taken.gap->first);
  around_.listener.message(event);
  if (outbox_.saw(event) && settling_) on_acknowledged(event.seqnr);
}

void ClientSession::on_nothing_new() {
  cursor_.nothing_new();
  around_.listener.nothing_new();
  if (settling_ && settling_poll_) settle();
}

void ClientSession::poll_again_after(const std::string& why, std::chrono::milliseconds at_least) {
  if (phase_ != Phase::live) return;
  ++breaks_;
  const auto at = reading_.failed(at_least);
  if (!at) return end(SessionEnd::How::unreachable, gave_up(why));
  outage(why);
  poll_at_ = *at;
}

}  // namespace yallchat
