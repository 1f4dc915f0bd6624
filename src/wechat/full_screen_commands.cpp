// What the full screen does with a line that was typed.
#include <algorithm>
#include <charconv>
#include <span>

#include "base/limits.h"
#include "protocol/percent.h"
#include "wechat/cluster.h"
#include "wechat/full_screen.h"

namespace yallchat::screen {
namespace {

std::string joined_words(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

// http://my.chat.server:8000/chats of http://my.chat.server:8000/chats/octopus
std::string chats_of(const ChatUrl& url) {
  return url.base.substr(0, url.base.rfind('/'));
}

}  // namespace

void FullScreen::send_line() {
  const std::string text = room().editor.text();
  if (text.find_first_not_of(" \n\t") == std::string::npos) return;
  const Command command = parse_command(text);
  if (command.kind == Command::Kind::wrong) return room().warning(command.argument);
  if (command.kind == Command::Kind::say && !say(command.argument)) return;
  room().editor.accept();
  run(command);
}

void FullScreen::run(const Command& command) {
  switch (command.kind) {
    case Command::Kind::join: return join(command.argument);
    case Command::Kind::part: return active().ended() ? drop(active_) : active().leave();
    case Command::Kind::switch_to: return switch_to(command.argument);
    case Command::Kind::names: return room().notice("here: " + joined_words(room().names));
    case Command::Kind::list: return list();
    case Command::Kind::search: return active().search(command.argument);
    case Command::Kind::resend:
      return command.argument == "drop" ? active().forget_failed() : active().resend();
    case Command::Kind::help: return help();
    case Command::Kind::quit: return leave_all();
    case Command::Kind::say:
    case Command::Kind::wrong: return;
  }
}

// Whether it was taken; else what was typed stays.
bool FullScreen::say(std::string text) {
  if (active().ended()) {
    room().warning("not connected; /join " + room().channel() + " tries again");
    return false;
  }
  if (!room().takes_lines()) {
    room().warning("too many lines wait to be sent");
    return false;
  }
  active().say(std::move(text));
  return true;
}

// As they stand: no line of a paste is a command. Those for which there is no room follow when
// there is.
void FullScreen::say_lines(const std::string& text) {
  std::size_t begin = 0;
  while (begin < text.size() && room().takes_lines()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    if (!line.empty() && !say(line)) break;
    begin = end + 1;
  }
  paste_.reset();
  const std::string rest = begin < text.size() ? text.substr(begin) : "";
  room().editor.set(active().ended() ? rest : "");
  if (rest.empty() || active().ended()) return;
  paste_ = {.text = rest,
            .question = lines_of(rest) + " more to be sent. e: edit | Esc: drop ",
            .going = true};
}

void FullScreen::go_on_pasting() {
  if (!paste_ || !paste_->going || quitting_) return;
  if (room().takes_lines() || active().ended()) say_lines(std::string(paste_->text));
}

std::string FullScreen::lines_of(const std::string& text) {
  const auto count = std::ranges::count(text, '\n') + 1;
  return std::to_string(count) + (count == 1 ? " line" : " lines");
}

std::string FullScreen::unsent_paste() const {
  return "pasted, not sent, in " + channels_[active_]->room().channel() + ": " +
         lines_of(paste_->text);
}

void FullScreen::join(const std::string& target) {
  const bool is_url = target.find('/') != std::string::npos;
  const auto url = parse_chat_url(
      is_url ? target : chats_of(active().url()) + "/" + percent_encode_segment(target));
  if (!url) return room().warning("/join: " + url.error().message);
  const auto open_one = std::ranges::find_if(
      channels_, [&](const auto& channel) { return channel->url().base == url->base; });
  if (open_one != channels_.end()) {
    (*open_one)->connect();
    return go_to(static_cast<std::size_t>(open_one - channels_.begin()));
  }
  if (channels_.size() >= limits::screen_channels)
    return room().warning("too many channels are open; /part closes one");
  open(*url);
  remember_open();
}

// A name may be a number, too, and counts first.
void FullScreen::switch_to(const std::string& target) {
  const std::string wanted = folded(target);
  const auto go_where = [&](auto fits) {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      if (!fits(folded(channels_[i]->room().channel()))) continue;
      go_to(i);
      return true;
    }
    return false;
  };
  if (go_where([&](const std::string& name) { return name == wanted; })) return;
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(target.data(), target.data() + target.size(), number);
  const bool is_number = problem == std::errc{} && end == target.data() + target.size();
  if (is_number && number >= 1 && number <= channels_.size()) return go_to(number - 1);
  if (go_where([&](const std::string& name) { return name.starts_with(wanted); }) ||
      go_where([&](const std::string& name) { return name.find(wanted) != name.npos; }))
    return;
  room().warning("no channel '" + target + "' is open; /join opens it");
}

void FullScreen::list() {
  HttpRequest request;
  request.method = "GET";
  request.url = chats_of(active().url());
  request.timeout = std::chrono::milliseconds(limits::client_request_timeout_ms);
  transport_.cancel(list_);
  list_ = transport_.start(std::move(request),
                           [this, server = room().server()](const HttpOutcome& outcome) {
                             list_ = 0;
                             on_list(server, outcome);
                           });
}

void FullScreen::on_list(const std::string& server, const HttpOutcome& outcome) {
  if (!outcome.answer) return room().warning("no list: " + outcome.failure.message);
  const auto channels =
      outcome.answer->status == 200 ? read_channel_list(outcome.answer->body) : std::nullopt;
  if (!channels)
    return room().warning("no list: the server does not give one " + status_words(*outcome.answer));
  known_channels_.clear();
  for (const ListedChannel& one : *channels) known_channels_.push_back(one.channel);
  room().notice("channels of " + server + ":");
  const std::size_t shown = std::min(channels->size(), limits::screen_listed);
  for (const ListedChannel& one : std::span(*channels).first(shown))
    room().notice("  " + one.channel + "  " + std::to_string(one.users) + " here, " +
                  std::to_string(one.head.value) + " messages");
  if (channels->size() > shown)
    room().notice("  and " + std::to_string(channels->size() - shown) + " more");
}

void FullScreen::help() {
  for (const CommandHelp& one : command_help())
    room().notice(std::string(one.name) + (one.name == "//" || one.argument.empty() ? "" : " ") +
                  std::string(one.argument) + "  " + std::string(one.words));
  room().notice("alt-1 to alt-9, alt-0  go to a channel");
  for (const ActionHelp& one : action_help())
    room().notice(joined_words(one.keys) + "  " + std::string(one.words));
}

}  // namespace yallchat::screen
