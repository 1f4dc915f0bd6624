// What a typed line means: something to say, or a command. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace yallchat::screen {

struct Command {
  enum class Kind {
    say,
    join,
    part,
    switch_to,
    names,
    list,
    search,
    resend,
    help,
    quit,
    wrong,  // argument: what is wrong with it
  };
  Kind kind = Kind::say;
  std::string argument;  // of say: the text, as it is sent

  bool operator==(const Command&) const = default;
};

// A line that begins with "/" is a command, one that begins with "//" is said without the first of
// them, and "/me waves" is said as it stands: clients show it as "* ringo waves".
Command parse_command(std::string_view line);

struct CommandHelp {
  std::string_view name;      // "/join"
  std::string_view argument;  // "CHANNEL"
  std::string_view words;
};

// All of them, for /help and for completion.
std::span<const CommandHelp> command_help();

// The text behind "/me ", or nothing where it is no such message.
std::string_view action_of(std::string_view text);

}  // namespace yallchat::screen
