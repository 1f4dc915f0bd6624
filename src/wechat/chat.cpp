#include "wechat/chat.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "wechat/terminal_text.h"

namespace yallchat {
namespace {

// While nothing else happens, a closed output is noticed this often.
constexpr std::chrono::milliseconds longest_sleep{1'000};

void complain(const std::string& words) {
  const std::string line = "wechat: " + terminal_text(words) + "\n";
  // Nobody is left to be told of a failure here.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

CurlTransport::Options transport_options(const Options& options) {
  CurlTransport::Options made;
  made.user_agent = "wechat/" YALLCHAT_VERSION;
  if (options.verbose) made.trace = complain;
  return made;
}

SessionOptions session_options(const Options& options) {
  SessionOptions made;
  made.url = options.url;
  made.user = options.user;
  made.interval = options.interval;
  if (options.retry) made.retry = *options.retry;
  made.start.from = options.url.from;
  made.stop_when_caught_up = options.poll;
  made.stream = !options.poll;
  if (options.search) made.search = {.words = *options.search, .limit = options.limit};
  if (options.poll && !options.url.from) made.start = {.from = Seqnr(1), .oldest_kept = true};
  return made;
}

}  // namespace

Chat::Chat(const Options& options, int signals)
    : options_(options),
      signals_(signals),
      transport_(transport_options(options)),
      session_(session_options(options), {transport_, clock_, random_, *this}),
      printer_(options.json ? Printer::Form::json : Printer::Form::text, options.url.channel) {}

int Chat::run() {
  session_.start();
  while (!session_.ended()) {
    pass_lines_on();
    session_.turn();
    if (session_.ended()) break;
    wait();
    transport_.perform();
    notice_a_closed_output();
  }
  if (!session_.ended()->words.empty() && forced_exit_ == 0) complain(session_.ended()->words);
  tell_what_is_not_acknowledged();
  return exit_code();
}

int Chat::exit_code() const {
  if (forced_exit_ != 0) return forced_exit_;
  switch (session_.ended()->how) {
    case SessionEnd::How::unreachable: return failed_code();
    case SessionEnd::How::refused: return 3;
    case SessionEnd::How::left: break;
  }
  if (options_.search) return search_exit_;
  return some_refused_ ? 3 : 0;
}

// For a search 1 is an answer.
int Chat::failed_code() const {
  return options_.search ? 4 : 1;
}

bool Chat::reads_input() const {
  return options_.is_chat() && !input_ended_ && session_.wants_lines();
}

void Chat::wait() {
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  const Monotonic left = std::max(session_.wake_at() - clock_.monotonic(), Monotonic(0));
  std::array<CurlTransport::Watched, 2> watched{{{signals_, false}, {STDIN_FILENO, false}}};
  const std::size_t count = reads_input() ? 2 : 1;
  transport_.wait(ceil<milliseconds>(std::min<Monotonic>(left, longest_sleep)),
                  std::span(watched).first(count));
  if (watched[0].readable) read_signal();
  if (watched[1].readable && reads_input()) read_input();
}

void Chat::pass_lines_on() {
  while (session_.wants_lines()) {
    auto line = lines_.next();
    if (!line) {
      if (input_ended_ && !options_.follow) session_.finish();
      return;
    }
    if (line->problem.empty())
      session_.send(line->number, std::move(line->text));
    else
      line_refused(line->number, line->problem);
  }
}

void Chat::read_input() {
  std::array<char, 16 * 1024> buffer;
  const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (got > 0) return lines_.feed({buffer.data(), static_cast<std::size_t>(got)});
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got < 0) warning(std::string("cannot read standard input: ") + std::strerror(errno));
  input_ended_ = true;
  lines_.finish();
}

// However it ends: what was read and is not known to be in the chat. Ends the reading.
void Chat::tell_what_is_not_acknowledged() {
  std::vector<std::uint64_t> numbers = session_.unacknowledged();
  lines_.finish();
  while (const auto line = lines_.next()) numbers.push_back(line->number);
  if (numbers.empty()) return;
  std::string words = "not acknowledged: line " + std::to_string(numbers.front());
  if (numbers.size() > 1)
    words += " and what follows it (" + std::to_string(numbers.size()) + " lines of what was read)";
  complain(words);
}

// The first signal leaves the chat; a second one does not wait for that.
void Chat::read_signal() {
  signalfd_siginfo info{};
  if (::read(signals_, &info, sizeof info) != sizeof info) return;
  const int code = 128 + static_cast<int>(info.ssi_signo);
  if (forced_exit_ != 0) {
    tell_what_is_not_acknowledged();
    ::_exit(code);
  }
  forced_exit_ = code;
  session_.leave();
}

void Chat::print(std::string_view lines) {
  while (!lines.empty() && forced_exit_ == 0) {
    const ssize_t written = ::write(STDOUT_FILENO, lines.data(), lines.size());
    if (written >= 0) {
      lines.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd output{STDOUT_FILENO, POLLOUT, 0};
      ::poll(&output, 1, -1);
    } else if (errno != EINTR) {
      output_failed(errno);
    }
  }
}

// A reader that went away (wechat … | head) is no error to speak of.
void Chat::output_failed(int error) {
  if (error != EPIPE)
    complain(std::string("cannot write standard output: ") + std::strerror(error));
  forced_exit_ = error == EPIPE ? 128 + SIGPIPE : failed_code();
}

void Chat::notice_a_closed_output() {
  pollfd output{STDOUT_FILENO, 0, 0};
  if (forced_exit_ == 0 && ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0)
    output_failed(EPIPE);
  if (forced_exit_ != 0) session_.leave();
}

void Chat::here(const std::vector<std::string>& names) {
  if (!options_.quiet && options_.is_chat()) print(printer_.here(names));
}

void Chat::message(const Event& event) {
  print(printer_.message(event));
}

void Chat::changed(const Roster::Change& change) {
  if (!options_.quiet && options_.is_chat()) print(printer_.changed(change));
}

// Something missing is never kept quiet.
void Chat::gap(Seqnr from, Seqnr first) {
  if (options_.quiet)
    warning(gap_words(from, first));
  else
    print(printer_.gap(from, first));
}

void Chat::line_refused(std::uint64_t number, const std::string& why) {
  some_refused_ = true;
  complain("line " + std::to_string(number) + " was not sent: " + why);
}

void Chat::warning(const std::string& words) {
  complain("warning: " + words);
}

void Chat::note(const std::string& words) {
  if (options_.verbose) complain(words);
}

void Chat::found(const Found& found) {
  const bool colour = wants_colour(options_.colour, STDOUT_FILENO);
  for (const Hit& hit : found.hits) print(printer_.hit(hit, colour));
  search_exit_ = found.hits.empty() ? 1 : 0;
  if (found.more)
    complain("only the newest " + std::to_string(found.hits.size()) +
             " are shown; for more: --limit");
  if (found.known_to)
    warning("what came after message " + std::to_string(found.known_to->value) +
            " cannot be found yet");
}

void Chat::not_searched(const std::string& why, bool words_are_wrong) {
  search_exit_ = words_are_wrong ? 2 : 3;
  complain(why);
}

}  // namespace yallchat
