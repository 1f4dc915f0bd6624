#include "wechat/full_screen.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <span>

#include "base/limits.h"
#include "wechat/cluster.h"
#include "wechat/terminal_text.h"
#include "wechat/xdg.h"

namespace yallchat::screen {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_sleep{1'000};
constexpr std::size_t notified_bytes = 200;  // of a message

std::string error_line(const std::string& words) {
  return "wechat: " + terminal_text(words) + "\n";
}

void write_error(const std::string& words) {
  const std::string line = error_line(words);
  // Nobody is left to be told of a failure here.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

// What is told of every request would be drawn over the screen.
bool traces(const Options& options) {
  return options.verbose && ::isatty(STDERR_FILENO) == 0;
}

CurlTransport::Options transport_options(const Options& options) {
  CurlTransport::Options made;
  made.user_agent = "wechat/" YALLCHAT_VERSION;
  if (traces(options)) made.trace = write_error;
  return made;
}

std::vector<std::string> words_that_call(const std::string& user, const ScreenConfig& config) {
  std::vector<std::string> words = config.words;
  words.push_back(user);
  return words;
}

}  // namespace

FullScreen::FullScreen(const Options& options, ScreenConfig config,
                       std::unique_ptr<Terminal> terminal, int signals)
    : options_(options),
      config_(std::move(config)),
      mentions_(words_that_call(options.user, config_)),
      terminal_(std::move(terminal)),
      signals_(signals),
      transport_(transport_options(options)),
      state_folder_(xdg_folder("XDG_STATE_HOME", ".local/state")) {}

int FullScreen::run() {
  open_all();
  while (!done()) {
    draw();
    wait();
    transport_.perform();
    take_turns();
  }
  return finish();
}

// That of the command line, and those that the last run with it did not leave.
void FullScreen::open_all() {
  open(options_.url);
  for (const std::string& other : std::vector(channels_.front()->others()))
    if (const auto url = parse_chat_url(other); url && channels_.size() < limits::screen_channels)
      open(*url);
  go_to(0);
}

// In the file of the channel of the command line, which no other run has at the same time.
void FullScreen::remember_open() {
  OpenChannel* home = nullptr;
  std::vector<std::string> others;
  for (const auto& channel : channels_)
    if (channel->url().base == options_.url.base)
      home = channel.get();
    else if (!quitting_)
      others.push_back(channel->url().base);
  if (home != nullptr) home->remember_others(std::move(others));
}

void FullScreen::open(ChatUrl url) {
  OpenChannel::Surroundings around{
      .transport = transport_,
      .clock = clock_,
      .random = random_,
      .mentions = mentions_,
      .state_folder = state_folder_,
      .mentioned = [this](const Room& room, const Event& event) { tell_of(room, event); },
      .note =
          [this](const std::string& words) {
            if (traces(options_)) write_error(words);
          },
      .retry = options_.retry.value_or(retry_for_ever)};
  channels_.push_back(std::make_unique<OpenChannel>(std::move(url), options_.user,
                                                    options_.interval, std::move(around)));
  channels_.back()->connect();
  go_to(channels_.size() - 1);
}

void FullScreen::go_to(std::size_t index) {
  if (index >= channels_.size()) return;
  room().go_out_of_sight();
  active_ = index;
  room().come_into_sight();
  completion_.reset();
}

View FullScreen::view() const {
  View view;
  view.theme = config_.theme;
  for (const auto& channel : channels_) view.rooms.push_back(&channel->room());
  view.active = active_;
  view.directory = directory_;
  if (paste_) view.question = paste_->question;
  view.now = clock_.monotonic();
  return view;
}

void FullScreen::draw() {
  const View now = view();
  const Size size = terminal_->size();
  if (near_the_top(now, size)) active().load_older();
  if (terminal_->has_all()) terminal_->draw(lay_out(now, size), std::exchange(ring_, ""));
}

void FullScreen::wait() {
  Monotonic at = clock_.monotonic() + longest_sleep;
  for (const auto& channel : channels_) at = std::min(at, channel->wake_at());
  const Monotonic escape_at = keys_at_ + milliseconds(limits::screen_escape_ms);
  if (keys_.waits()) at = std::min(at, escape_at);
  const Monotonic left = std::max(at - clock_.monotonic(), Monotonic(0));
  std::array<CurlTransport::Watched, 3> all{
      {{signals_, false}, {STDIN_FILENO, false}, {terminal_->output(), false, true}}};
  const std::span watched = std::span(all).first(terminal_->has_all() ? 2 : 3);
  transport_.wait(std::chrono::ceil<milliseconds>(left), watched);
  terminal_->go_on();
  if (watched[0].readable) read_signal();
  if (watched[1].readable)
    read_keys();
  else if (clock_.monotonic() >= escape_at)
    keys_.time_is_up();
  press_keys();
}

void FullScreen::read_keys() {
  std::array<char, 16 * 1024> buffer;
  const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  keys_at_ = clock_.monotonic();
  if (got > 0) return keys_.feed({buffer.data(), static_cast<std::size_t>(got)});
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  go_away(128 + SIGHUP);  // the terminal is gone
}

void FullScreen::take_turns() {
  go_on_pasting();
  for (const auto& channel : channels_) channel->turn();
  end_where_nothing_began();
  drop_those_that_were_left();
}

void FullScreen::drop_those_that_were_left() {
  for (std::size_t i = channels_.size(); i-- > 0 && !quitting_ && !stopped_;) {
    const auto& end = channels_[i]->last_end();
    if (channels_[i]->ended() && end && end->how == SessionEnd::How::left) drop(i);
  }
}

// Where nobody was ever let in, as in line mode.
void FullScreen::end_where_nothing_began() {
  const auto was_in = [](const auto& channel) { return channel->was_in(); };
  was_in_ = was_in_ || std::ranges::any_of(channels_, was_in);
  const auto ended = [](const auto& channel) { return channel->ended(); };
  const auto& end = channels_.front()->last_end();
  if (was_in_ || quitting_ || !end || !std::ranges::all_of(channels_, ended)) return;
  exit_ = end->how == SessionEnd::How::refused ? 3 : 1;
  last_words_ = end->words;
  stopped_ = true;
}

// With the last of them it ends. What was not sent there is told in the next, and at the end.
void FullScreen::drop(std::size_t index) {
  if (channels_.size() == 1) return leave_all();
  completion_.reset();
  std::vector<std::string> lost = unsent(channels_[index]->room());
  if (const std::string draft = draft_in(channels_[index]->room()); !draft.empty())
    lost.push_back(draft);
  if (index == active_ && paste_) {  // it was meant for nobody else
    lost.push_back(unsent_paste());
    paste_.reset();
  }
  channels_[index]->remember_others({});
  channels_.erase(channels_.begin() + static_cast<std::ptrdiff_t>(index));
  remember_open();
  if (active_ >= index && active_ > 0) --active_;
  room().come_into_sight();
  for (const std::string& words : lost) room().warning(words);
  lost_.insert(lost_.end(), lost.begin(), lost.end());
}

std::vector<std::string> FullScreen::unsent(const Room& room) const {
  std::vector<std::string> words;
  for (const OwnLine& line : room.own_lines()) {
    if (line.state == OwnLine::State::taken || line.read_back) continue;
    words.push_back(
        (line.may_be_there ? "not acknowledged, but it may be there, in " : "not sent in ") +
        room.channel() + ": " + line.text);
  }
  return words;
}

std::string FullScreen::draft_in(Room& room) {
  const std::string draft = room.editor.text();
  return draft.empty() ? "" : "typed, not sent, in " + room.channel() + ": " + draft;
}

void FullScreen::leave_all() {
  quitting_ = true;
  remember_open();
  for (const auto& channel : channels_) channel->leave();
}

bool FullScreen::done() const {
  return stopped_ ||
         (quitting_ && std::ranges::all_of(channels_, [](const auto& c) { return c->ended(); }));
}

// The sessions that another run can take up stay; the others are left.
void FullScreen::go_away(int code) {
  if (exit_ != 0 || quitting_) stopped_ = true;
  exit_ = code;
  quitting_ = true;
  for (const auto& channel : channels_)
    if (!channel->go_away()) channel->leave();
}

void FullScreen::read_signal() {
  signalfd_siginfo info{};
  if (::read(signals_, &info, sizeof info) != sizeof info) return;
  const auto number = static_cast<int>(info.ssi_signo);
  if (number == SIGTSTP) return stop();
  if (number == SIGCONT) return terminal_->take_again();
  if (number == SIGWINCH) return terminal_->forget();  // it may have lost what it does not show
  if (number != SIGINT) return go_away(128 + number);
  if (quitting_) stopped_ = true;
  exit_ = 128 + number;
  leave_all();
}

// As any program does: until somebody lets it go on.
void FullScreen::stop() {
  terminal_->give_back();
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, SIGTSTP);
  ::kill(0, SIGTSTP);
  sigprocmask(SIG_UNBLOCK, &only, nullptr);  // it stops here
  sigprocmask(SIG_BLOCK, &only, nullptr);
  terminal_->take_again();
}

// At most one of each kind beside a frame, however many come at once.
void FullScreen::tell_of(const Room& room, const Event& event) {
  ring_.clear();
  if (config_.bell) ring_ += "\a";
  const std::string words =
      event.source + ": " + std::string(first_bytes(event.body, notified_bytes));
  // Some terminals take numbers at the beginning for commands.
  if (config_.osc9) ring_ += osc9("wechat: " + room.channel() + ": " + words);
  if (config_.osc777) ring_ += osc777(room.channel(), words);
}

// As in line mode: 3 where something was not sent.
int FullScreen::finish() {
  terminal_->give_back();
  TerminalOutput errors(STDERR_FILENO);
  const auto tell = [&](const std::string& words) { errors.write(error_line(words)); };
  if (!last_words_.empty()) tell(last_words_);
  for (const auto& channel : channels_) {
    const std::vector<std::string> words = unsent(channel->room());
    lost_.insert(lost_.end(), words.begin(), words.end());
  }
  if (paste_ && paste_->going) lost_.push_back(unsent_paste());
  for (const std::string& words : lost_) tell(words);
  if (paste_ && !paste_->going) tell(unsent_paste());
  for (const auto& channel : channels_)
    if (const std::string draft = draft_in(channel->room()); !draft.empty()) tell(draft);
  errors.finish(milliseconds(limits::screen_stall_ms));
  return exit_ == 0 && !lost_.empty() ? 3 : exit_;
}

}  // namespace yallchat::screen
