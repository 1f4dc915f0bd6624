// Which key does what. Pure; one thread.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wechat/key.h"

namespace yallchat::screen {

enum class Action {
  send,
  newline,
  complete,
  left,
  right,
  word_left,
  word_right,
  home,
  end,
  delete_left,
  delete_right,
  cut_word_left,
  cut_word_right,
  cut_to_home,
  cut_to_end,
  paste_cut,
  older_line,
  newer_line,
  page_up,
  page_down,
  to_the_end,
  next_channel,
  previous_channel,
  next_unread,
  directory,
  redraw,
  suspend,
  clear_or_quit,
  delete_or_quit,
};

struct ActionHelp {
  Action action;
  std::string_view name;  // in the configuration
  std::vector<std::string> keys;
  std::string_view words;
};

// All of them, with the keys that they have unless the configuration says otherwise.
std::span<const ActionHelp> action_help();

class Bindings {
 public:
  Bindings();
  // These keys instead of those that the action has.
  void bind(Action action, const std::vector<Key>& keys);
  std::optional<Action> action(const Key& key) const;

 private:
  std::map<Key, Action> actions_;
};

}  // namespace yallchat::screen
