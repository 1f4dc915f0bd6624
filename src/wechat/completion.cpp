#include "wechat/completion.h"

#include <algorithm>

#include "wechat/cluster.h"
#include "wechat/command.h"
#include "wechat/terminal_text.h"

namespace yallchat::screen {
namespace {

// Those that begin as typed, case and width aside; what could not be shown as it is, is left out.
void add_fitting(std::vector<std::string>& to, const std::vector<std::string>& from,
                 const std::string& typed, const std::string& behind) {
  for (const std::string& one : from)
    if (folded(one).starts_with(folded(typed)) && terminal_text(one) == one)
      to.push_back(one + behind);
}

bool takes_a_channel(std::string_view before) {
  return before == "/join " || before == "/switch ";
}

}  // namespace

void Completion::begin(const Editor& editor, const Sources& sources) {
  end_ = editor.cursor();
  const std::string before = editor.text().substr(0, end_);
  const auto space = before.find_last_of(" \n");
  begin_ = space == std::string::npos ? 0 : space + 1;
  const std::string typed = before.substr(begin_);
  if (begin_ == 0 && typed.starts_with('/')) {
    std::vector<std::string> commands;
    for (const CommandHelp& one : command_help()) commands.emplace_back(one.name);
    add_fitting(candidates_, commands, typed, " ");
  } else if (takes_a_channel(std::string_view(before).substr(0, begin_))) {
    add_fitting(candidates_, sources.channels, typed, " ");
  } else {
    add_fitting(candidates_, sources.names, typed, begin_ == 0 ? ": " : " ");
  }
  if (!candidates_.empty()) candidates_.push_back(typed);
  at_ = 0;
}

void Completion::complete(Editor& editor, const Sources& sources) {
  if (candidates_.empty()) begin(editor, sources);
  if (candidates_.empty()) return;
  editor.replace(begin_, end_, candidates_[at_]);
  end_ = editor.cursor();
  at_ = (at_ + 1) % candidates_.size();
}

}  // namespace yallchat::screen
