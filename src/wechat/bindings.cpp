#include "wechat/bindings.h"

#include "base/check.h"

namespace yallchat::screen {

std::span<const ActionHelp> action_help() {
  using enum Action;
  static const std::vector<ActionHelp> all{
      {send, "send", {"enter", "ctrl-j"}, "send what was typed"},
      {newline, "newline", {"alt-enter"}, "begin a new line in the message"},
      {complete, "complete", {"tab"}, "complete a name or a command"},
      {left, "left", {"left", "ctrl-b"}, "a character to the left"},
      {right, "right", {"right", "ctrl-f"}, "a character to the right"},
      {word_left, "word_left", {"ctrl-left", "alt-b"}, "a word to the left"},
      {word_right, "word_right", {"ctrl-right", "alt-f"}, "a word to the right"},
      {home, "home", {"home", "ctrl-a"}, "to the beginning"},
      {end, "end", {"end", "ctrl-e"}, "to the end"},
      {delete_left, "delete_left", {"backspace"}, "delete a character"},
      {delete_right, "delete_right", {"delete"}, "delete the one under the cursor"},
      {cut_word_left, "cut_word_left", {"ctrl-w", "alt-backspace"}, "cut a word"},
      {cut_word_right, "cut_word_right", {"alt-d"}, "cut the word that follows"},
      {cut_to_home, "cut_to_home", {"ctrl-u"}, "cut all before the cursor"},
      {cut_to_end, "cut_to_end", {"ctrl-k"}, "cut all behind the cursor"},
      {paste_cut, "paste_cut", {"ctrl-y"}, "paste what was cut"},
      {older_line, "older_line", {"up", "ctrl-p"}, "what was typed before"},
      {newer_line, "newer_line", {"down", "ctrl-n"}, "and back"},
      {page_up, "page_up", {"pageup"}, "scroll back; history is loaded"},
      {page_down, "page_down", {"pagedown"}, "scroll on"},
      {to_the_end, "to_the_end", {"ctrl-end", "alt-end"}, "to the newest"},
      {next_channel, "next_channel", {"alt-right", "ctrl-pagedown"}, "the next channel"},
      {previous_channel, "previous_channel", {"alt-left", "ctrl-pageup"}, "the one before"},
      {next_unread, "next_unread", {"alt-a"}, "a channel with something new"},
      {directory, "directory", {"f2"}, "hide or show who is here"},
      {redraw, "redraw", {"ctrl-l"}, "draw the screen anew"},
      {suspend, "suspend", {"ctrl-z"}, "stop, until the shell's fg"},
      {clear_or_quit,
       "clear_or_quit",
       {"ctrl-c"},
       "clear the line; on an empty one leave, and end"},
      {delete_or_quit,
       "delete_or_quit",
       {"ctrl-d"},
       "delete right; on an empty line leave, and end"},
  };
  return all;
}

Bindings::Bindings() {
  for (const ActionHelp& one : action_help()) {
    for (const std::string& words : one.keys) {
      const auto key = parse_key(words);
      CHECK(key && actions_.emplace(*key, one.action).second, "every key is one, and bound once");
    }
  }
}

void Bindings::bind(Action action, const std::vector<Key>& keys) {
  std::erase_if(actions_, [&](const auto& bound) { return bound.second == action; });
  for (const Key& key : keys) actions_.insert_or_assign(key, action);
}

std::optional<Action> Bindings::action(const Key& key) const {
  const auto found = actions_.find(key);
  return found == actions_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace yallchat::screen
