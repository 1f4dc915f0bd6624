// The full screen's keys.
#include <algorithm>
#include <array>

#include "base/limits.h"
#include "wechat/cluster.h"
#include "wechat/full_screen.h"

namespace yallchat::screen {
namespace {

std::string utf8(char32_t c) {
  std::string bytes;
  const auto tail = [&](unsigned shift) {
    bytes += static_cast<char>(0x80U | ((static_cast<unsigned>(c) >> shift) & 0x3FU));
  };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) {
    bytes += static_cast<char>(0xC0U | (c >> 6U));
  } else if (c < 0x10000) {
    bytes += static_cast<char>(0xE0U | (c >> 12U));
    tail(6);
  } else {
    bytes += static_cast<char>(0xF0U | (c >> 18U));
    tail(12);
    tail(6);
  }
  tail(0);
  return bytes;
}

// Alt-1 to Alt-9, and Alt-0 for the tenth.
std::optional<std::size_t> channel_of(const Key& key) {
  if (!key.alt || key.ctrl || key.character < U'0' || key.character > U'9') return std::nullopt;
  return key.character == U'0' ? 9 : key.character - U'1';
}

// What changes nothing of what is said where.
bool may_be_done_while_pasting(Action action) {
  using enum Action;
  return action == page_up || action == page_down || action == to_the_end || action == directory ||
         action == redraw || action == suspend;
}

bool is_text(const Key& key) {
  return key.name == Key::Name::character && !key.ctrl && !key.alt;
}

}  // namespace

void FullScreen::press_keys() {
  while (!stopped_)
    if (const auto pressed = keys_.next())
      press(*pressed);
    else
      return;
}

void FullScreen::press(const KeyReader::Pressed& pressed) {
  const Key& key = pressed.key;
  if (pressed.paste) return take_paste(*pressed.paste, pressed.cut);
  const auto action = config_.bindings.action(key);
  if (paste_ && !(paste_->going && action && may_be_done_while_pasting(*action)))
    return answer_paste(key);
  if (action != Action::complete) completion_.reset();
  if (action) return act(*action);
  if (const auto index = channel_of(key)) return go_to(*index);
  if (is_text(key)) room().editor.insert(utf8(key.character));
}

// Whether it was one for the line that is typed.
bool FullScreen::edit(Action action) {
  Editor& editor = room().editor;
  switch (action) {
    case Action::newline: editor.insert("\n"); return true;
    case Action::left: editor.left(); return true;
    case Action::right: editor.right(); return true;
    case Action::word_left: editor.word_left(); return true;
    case Action::word_right: editor.word_right(); return true;
    case Action::home: editor.home(); return true;
    case Action::end: editor.end(); return true;
    case Action::delete_left: editor.delete_left(); return true;
    case Action::delete_right: editor.delete_right(); return true;
    case Action::cut_word_left: editor.cut_word_left(); return true;
    case Action::cut_word_right: editor.cut_word_right(); return true;
    case Action::cut_to_home: editor.cut_to_home(); return true;
    case Action::cut_to_end: editor.cut_to_end(); return true;
    case Action::paste_cut: editor.paste_cut(); return true;
    case Action::older_line: editor.older(); return true;
    case Action::newer_line: editor.newer(); return true;
    default: return false;
  }
}

void FullScreen::act(Action action) {
  if (edit(action)) return;
  const bool empty = room().editor.text().empty();
  switch (action) {
    case Action::send: return send_line();
    case Action::complete: return complete();
    case Action::page_up: return scroll(1);
    case Action::page_down: return scroll(-1);
    case Action::to_the_end: return room().place.reset();
    case Action::next_channel: return go_to((active_ + 1) % channels_.size());
    case Action::previous_channel:
      return go_to((active_ + channels_.size() - 1) % channels_.size());
    case Action::next_unread: return go_to_unread();
    case Action::directory: directory_ = !directory_; return;
    case Action::redraw: return terminal_->take_again();
    case Action::suspend: return stop();
    case Action::clear_or_quit: return empty ? leave_all() : room().editor.set("");
    case Action::delete_or_quit: return empty ? leave_all() : room().editor.delete_right();
    default: return;  // was for the line
  }
}

void FullScreen::scroll(int screens) {
  const View now = view();
  const Size size = terminal_->size();
  // A row of what was seen stays in sight.
  const int rows = std::max(message_area(now, size).height - 1, 1);
  room().place = scrolled(now, size, screens * rows);
  if (screens > 0) room().want_older();
}

// The next with a mention, or else the next with something unread.
void FullScreen::go_to_unread() {
  for (const bool mentioned : {true, false})
    for (std::size_t step = 1; step < channels_.size(); ++step) {
      const std::size_t index = (active_ + step) % channels_.size();
      const Room& other = channels_[index]->room();
      if ((mentioned ? other.mentions() : other.unread()) != 0) return go_to(index);
    }
}

void FullScreen::complete() {
  Completion::Sources sources{.names = room().names, .channels = known_channels_};
  for (const auto& channel : channels_)
    if (std::ranges::find(sources.channels, channel->room().channel()) == sources.channels.end())
      sources.channels.push_back(channel->room().channel());
  completion_.complete(room().editor, sources);
}

// One line is as if it were typed; more are asked about.
void FullScreen::take_paste(const std::string& text, bool cut) {
  completion_.reset();
  // What comes while the last is asked about goes with it.
  std::string trimmed = paste_ ? paste_->text + "\n" + text : text;
  while (trimmed.ends_with('\n')) trimmed.pop_back();
  const std::size_t room_left = limits::client_line_bytes - room().editor.text().size();
  cut = cut || trimmed.size() > room_left;
  trimmed.resize(first_bytes(trimmed, room_left).size());
  if (trimmed.find('\n') == trimmed.npos && !cut) return room().editor.insert(trimmed);
  paste_ = {.text = trimmed,
            .question = "Pasted " + lines_of(trimmed) + (cut ? ", cut off where too long" : "") +
                        ". Enter: send each | o: as one message | e: edit | Esc: drop "};
}

void FullScreen::answer_paste(const Key& key) {
  const std::string text = paste_->text;
  const bool plain = is_text(key);
  const bool asked = !paste_->going;
  if (asked && key.name == Key::Name::enter) {
    paste_.reset();
    room().editor.insert(text);
    say_lines(room().editor.text());
  } else if (asked && plain && key.character == U'o') {
    paste_.reset();
    room().editor.insert(text);
    if (say(room().editor.text())) room().editor.accept();
  } else if (plain && key.character == U'e') {
    paste_.reset();
    room().editor.insert(text);
  } else if (key.name == Key::Name::escape || (key.ctrl && key.character == U'c')) {
    paste_.reset();
  }
}

}  // namespace yallchat::screen
