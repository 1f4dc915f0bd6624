#include "wechat/open_channel.h"

#include <algorithm>

#include "base/limits.h"
#include "wechat/moment.h"

namespace yallchat::screen {
namespace {

// How often what was read is written down.
constexpr std::chrono::milliseconds remember_interval{1'000};

// "my.chat.server:8000" of http://my.chat.server:8000/chats/octopus
std::string server_of(const ChatUrl& url) {
  const std::size_t begin = url.base.find("://") + 3;
  return url.base.substr(begin, url.base.rfind("/chats/") - begin);
}

std::string hit_words(const Hit& hit) {
  const Event& event = hit.message;
  const auto at = parse_moment(event.time);
  const std::string when = at ? day_words(*at) + " " + clock_words(*at) + " " : "";
  const std::string number = event.seqnr ? std::to_string(event.seqnr->value) + "  " : "";
  return number + when + event.source + ": " + event.body;
}

}  // namespace

OpenChannel::OpenChannel(ChatUrl url, const std::string& user, std::chrono::milliseconds interval,
                         Surroundings around)
    : url_(std::move(url)),
      user_(user),
      interval_(interval),
      around_(std::move(around)),
      room_(url_.channel, server_of(url_), user, around_.mentions) {
  open_file();
}

void OpenChannel::open_file() {
  if (around_.state_folder.empty()) return;
  auto file = SessionFile::open(around_.state_folder, url_.base, user_);
  if (!file) {
    room_.warning("a restart will not take up this session: " + file.error().message);
    return;
  }
  file_.emplace(std::move(*file));
  remembered_ = file_->load();
  if (remembered_.read_to) room_.set_read_to(*remembered_.read_to);
}

void OpenChannel::connect() {
  if (session_) return;
  SessionOptions options;
  options.url = url_;
  options.user = user_;
  options.session = remembered_.key;
  options.interval = interval_;
  options.retry = around_.retry;
  // After a session that ended nothing is passed over.
  const auto newest = room_.newest();
  options.start.from = newest ? newest->next() : was_in_ ? std::nullopt : url_.from;
  session_ = std::make_unique<ClientSession>(
      std::move(options),
      ClientSession::Surroundings{around_.transport, around_.clock, around_.random, *this});
  session_->start();
  room_.connection = session_->connection();
}

Monotonic OpenChannel::wake_at() const {
  if (!session_) return Monotonic::max();
  return std::min(session_->wake_at(), leave_at_.value_or(Monotonic::max()));
}

void OpenChannel::turn() {
  if (!session_) return;
  pass_lines_on();
  finish_leaving();
  session_->turn();
  room_.connection = session_->connection();
  come_in();
  if (session_->ended()) take_end();
  remember();
}

bool OpenChannel::is_in() const {
  using enum ConnectionState::Kind;
  return room_.connection.kind == streaming || room_.connection.kind == polling;
}

void OpenChannel::come_in() {
  if (was_in_ || !is_in()) return;
  was_in_ = true;
  if (!session_->yallchat()) room_.forget_earlier();
  load_older();
}

void OpenChannel::pass_lines_on() {
  while (session_->wants_lines()) {
    OwnLine* const line = room_.to_pass_on();
    if (line == nullptr) return;
    line->passed_on = true;
    session_->send(line->number, line->text, line->key);
  }
}

void OpenChannel::end_session() {
  if (const auto number = session_->uncertain()) room_.may_be_there(*number);
  session_.reset();
}

// What waits to be sent stays, marked: it may be sent again in the next session.
void OpenChannel::take_end() {
  last_end_ = session_->ended();
  end_session();
  leave_at_.reset();
  const bool left = last_end_->how == SessionEnd::How::left;
  // A session that the server may still have is taken up when the channel is joined again, or by
  // the next run.
  const bool refused = last_end_->how == SessionEnd::How::refused;
  if (refused || last_end_->answered) remembered_.key.clear();
  room_.names.clear();
  room_.no_history();
  if (!left) room_.warning(last_end_->words + "; /join " + room_.channel() + " tries again");
  room_.nothing_is_sent(left ? "the channel was left" : last_end_->words);
}

void OpenChannel::remember() {
  if (!file_ || cannot_save_) return;
  const std::string key = session_ && was_in_ ? session_->key() : remembered_.key;
  const Monotonic now = around_.clock.monotonic();
  if (key == remembered_.key && session_ && now < remember_at_) return;
  remember_at_ = now + remember_interval;
  remembered_.key = key;
  remembered_.read_to = room_.read_to();
  save();
}

void OpenChannel::save() {
  if (auto saved = file_->save(remembered_); !saved) {
    // The file stays ours: what it held before may still be our session's.
    cannot_save_ = true;
    room_.warning("a restart will not take up this session: " + saved.error().message);
  }
}

void OpenChannel::remember_others(std::vector<std::string> urls) {
  remembered_.others = std::move(urls);
  if (file_ && !cannot_save_) save();
}

void OpenChannel::leave() {
  if (!session_) return;
  if (leave_at_ || !is_in() || !room_.waits()) return session_->leave();
  wait_to_leave();
}

void OpenChannel::wait_to_leave() {
  leave_at_ =
      around_.clock.monotonic() + std::chrono::milliseconds(limits::client_own_seen_timeout_ms);
}

void OpenChannel::finish_leaving() {
  if (!leave_at_) return;
  if (around_.clock.monotonic() >= *leave_at_) {
    leave_at_.reset();
    return session_->leave();
  }
  if (room_.to_pass_on() == nullptr) session_->finish();
}

bool OpenChannel::go_away() {
  remember_at_ = {};
  remember();
  const bool may_be_in = was_in_ || !remembered_.key.empty();
  if (!file_ || cannot_save_ || !session_ || !may_be_in) return false;
  end_session();
  return true;
}

void OpenChannel::say(std::string text) {
  room_.place.reset();
  room_.say(std::move(text), new_idempotency_key(around_.random));
}

void OpenChannel::load_older() {
  if (!session_ || !was_in_ || !session_->yallchat()) return;
  if (room_.begin_loading()) session_->load_history(room_.oldest(), limits::screen_history_page);
}

void OpenChannel::search(const std::string& words) {
  if (!session_) return not_searched("not connected", false);
  session_->find(words, limits::screen_hits);
}

void OpenChannel::resend() {
  const std::size_t count = room_.send_failed_again();
  if (count == 0) room_.notice("nothing has failed to be sent");
  if (count != 0 && !session_) connect();
}

void OpenChannel::forget_failed() {
  room_.notice("forgotten: " + std::to_string(room_.drop_failed()));
}

void OpenChannel::here(const std::vector<std::string>& names) {
  room_.names = names;
}

void OpenChannel::message(const Event& event) {
  if (room_.message(event)) around_.mentioned(room_, event);
}

void OpenChannel::changed(const Roster::Change& change) {
  room_.names = session_->names();
  room_.changed(change);
}

void OpenChannel::gap(Seqnr from, Seqnr first) {
  room_.gap(from, first);
}

void OpenChannel::line_refused(std::uint64_t number, const std::string& why) {
  room_.failed(number, why);
}

void OpenChannel::acknowledged(std::uint64_t number, std::optional<Seqnr> seqnr) {
  room_.acknowledged(number, seqnr);
  if (leave_at_) wait_to_leave();  // it gets on
}

void OpenChannel::warning(const std::string& words) {
  room_.warning(words);
}

void OpenChannel::note(const std::string& words) {
  around_.note(words);
}

void OpenChannel::found(const Found& found) {
  if (found.hits.empty())
    room_.notice("nothing was found");
  else
    room_.notice(found.more ? "the newest that were found:" : "found:");
  for (const Hit& hit : found.hits) room_.notice(hit_words(hit));
  if (found.known_to)
    room_.notice("what came after message " + std::to_string(found.known_to->value) +
                 " cannot be found yet");
}

void OpenChannel::not_searched(const std::string& why, bool /*words_are_wrong*/) {
  room_.warning("not searched: " + why);
}

void OpenChannel::history(const HistoryStretch& page) {
  room_.history(page);
}

void OpenChannel::no_history(const std::string& why) {
  room_.no_history();
  room_.warning("older messages could not be loaded: " + why);
}

}  // namespace yallchat::screen
