#include "wechat/command.h"

#include <algorithm>
#include <array>

namespace yallchat::screen {
namespace {

using enum Command::Kind;

struct Known {
  CommandHelp help;
  Command::Kind kind;
  enum class Argument { none, may, must } argument;
};

constexpr auto none = Known::Argument::none;
constexpr auto may = Known::Argument::may;
constexpr auto must = Known::Argument::must;

constexpr std::array<Known, 11> known{{
    {{"/help", "", "what can be typed, and which keys there are"}, help, none},
    {{"/join", "CHANNEL", "open a channel of this server, or another one's by its URL"},
     join,
     must},
    {{"/list", "", "the channels of this server"}, list, none},
    {{"/me", "TEXT", "say what you do: * ringo waves"}, say, must},
    {{"/names", "", "who is here"}, names, none},
    {{"/part", "", "leave this channel"}, part, none},
    {{"/quit", "", "leave all channels, and end"}, quit, none},
    {{"/resend", "", "send again what was not sent; /resend drop forgets it"}, resend, may},
    {{"/search", "WORDS", "the newest messages here that have these words"}, search, must},
    {{"/switch", "CHANNEL", "go to an open channel, by its name, part of it, or its number"},
     switch_to,
     must},
    {{"//", "TEXT", "say a text that begins with /"}, say, must},
}};

std::string_view without_spaces(std::string_view text) {
  const auto begin = text.find_first_not_of(" \n\t");
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \n\t") - begin + 1);
}

Command refused(std::string words) {
  return {Command::Kind::wrong, std::move(words)};
}

}  // namespace

Command parse_command(std::string_view line) {
  if (!line.starts_with('/')) return {say, std::string(line)};
  if (line.starts_with("//")) return {say, std::string(line.substr(1))};
  const std::size_t end = std::min(line.find_first_of(" \n\t"), line.size());
  const std::string name(line.substr(0, end));
  const std::string argument(without_spaces(line.substr(end)));
  const auto found = std::ranges::find(known, name, [](const Known& one) { return one.help.name; });
  if (found == known.end())
    return refused("there is no command " + name + " (see /help); to say it, type /" + name);
  if (found->argument == must && argument.empty())
    return refused("like this: " + name + " " + std::string(found->help.argument));
  if (found->argument == none && !argument.empty()) return refused(name + " stands alone");
  return {found->kind, found->kind == say ? name + " " + argument : argument};
}

std::span<const CommandHelp> command_help() {
  static const auto all = [] {
    std::array<CommandHelp, known.size()> list;
    std::ranges::transform(known, list.begin(), &Known::help);
    return list;
  }();
  return all;
}

std::string_view action_of(std::string_view text) {
  return text.starts_with("/me ") ? text.substr(4) : "";
}

}  // namespace yallchat::screen
