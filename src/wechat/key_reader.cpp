#include "wechat/key_reader.h"

#include <utf8proc.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace yallchat::screen {
namespace {

using enum Key::Name;

constexpr std::string_view paste_end = "\x1b[201~";

Key named(Key::Name name) {
  return {.name = name};
}

// numbers: behind CSI. What is only like a key is an answer: of the cursor's place (R), of graphics
// (S), or the mouse (M).
std::optional<Key::Name> name_of_final(char introducer, char final,
                                       const std::vector<int>& numbers) {
  const bool is_key = introducer == 'O' || numbers.empty() || numbers[0] == 1;
  if (final == 'M' && introducer != 'O') return std::nullopt;
  if (final >= 'P' && final <= 'S' && !is_key) return std::nullopt;
  switch (final) {
    case 'A': return up;
    case 'B': return down;
    case 'C': return right;
    case 'D': return left;
    case 'H': return home;
    case 'F': return Key::Name::end;
    case 'P': return f1;
    case 'Q': return f2;
    case 'R': return f3;
    case 'S': return f4;
    case 'M': return enter;  // of the keypad
    default: return std::nullopt;
  }
}

std::optional<Key::Name> name_of_number(int number) {
  switch (number) {
    case 1:
    case 7: return home;
    case 2: return Key::Name::insert;
    case 3: return del;
    case 4:
    case 8: return Key::Name::end;
    case 5: return pageup;
    case 6: return pagedown;
    case 11: return f1;
    case 12: return f2;
    case 13: return f3;
    case 14: return f4;
    case 15: return f5;
    case 17: return f6;
    case 18: return f7;
    case 19: return f8;
    case 20: return f9;
    case 21: return f10;
    case 23: return f11;
    case 24: return f12;
    default: return std::nullopt;
  }
}

std::vector<int> parameters(std::string_view text) {
  std::vector<int> numbers;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(';'));
    int number = 0;
    std::from_chars(one.data(), one.data() + one.size(), number);
    numbers.push_back(number);
    text.remove_prefix(std::min(text.size(), one.size() + 1));
  }
  return numbers;
}

// "1;5C", "3~", "A": what stands behind the introducer.
std::optional<Key> key_of_sequence(char introducer, std::string_view sequence) {
  const char final = sequence.back();
  if (std::string_view("<=>?").find(sequence.front()) != std::string_view::npos)
    return std::nullopt;  // a terminal's own, of which keys have none
  const std::vector<int> numbers = parameters(sequence.substr(0, sequence.size() - 1));
  if (final == 'Z') return Key{.name = tab, .shift = true};
  const auto name = final == '~' && !numbers.empty() ? name_of_number(numbers[0])
                                                     : name_of_final(introducer, final, numbers);
  if (!name) return std::nullopt;
  Key key = named(*name);
  const auto modifiers =
      static_cast<unsigned>(numbers.size() > 1 ? std::max(numbers[1] - 1, 0) : 0);
  key.shift = (modifiers & 1U) != 0;
  key.alt = (modifiers & 2U) != 0;
  key.ctrl = (modifiers & 4U) != 0;
  return key;
}

Key key_of_control(unsigned char c) {
  if (c == '\r') return named(enter);
  if (c == '\t') return named(tab);
  if (c == 0x7F || c == 0x08) return named(backspace);
  if (c == 0x1B) return named(escape);
  const auto letter = static_cast<char32_t>(c + (c >= 1 && c <= 26 ? 0x60 : 0x40));
  return {.character = letter, .ctrl = true};
}

// How many bytes the character has that this one begins; 1 for one that begins none.
std::size_t length_of(unsigned char first) {
  if (first >= 0xF0 && first < 0xF8) return 4;
  if (first >= 0xE0 && first < 0xF0) return 3;
  return first >= 0xC0 && first < 0xE0 ? 2 : 1;
}

// What is behind ESC: of a colour or the clipboard (OSC), of terminfo or the version (DCS), of an
// image (APC). With anything else it is a key with Alt.
bool begins_answer(char introducer, char next) {
  if (introducer == '_') return next == 'G';
  const bool digit = next >= '0' && next <= '9';
  return digit || (introducer == 'P' && std::string_view(">!$+|").find(next) != std::string::npos);
}

// As it may stand in a text.
std::string without_controls(std::string_view paste) {
  std::string text;
  for (std::size_t i = 0; i < paste.size(); ++i) {
    const auto c = static_cast<unsigned char>(paste[i]);
    if (c == '\r') {
      if (i + 1 == paste.size() || paste[i + 1] != '\n') text += '\n';
    } else if (c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7F)) {
      text += paste[i];
    }
  }
  return text;
}

std::string well_formed(std::string_view text) {
  std::string good;
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t c = 0;
    const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at;
    const auto taken = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - at), &c);
    if (taken > 0)
      good += text.substr(at, static_cast<std::size_t>(taken));
    else
      good += "\uFFFD";
    at += taken > 0 ? static_cast<std::size_t>(taken) : 1;
  }
  return good;
}

}  // namespace

void KeyReader::feed(std::string_view bytes) {
  interrupted_ = pasting_ && bytes == "\x03";
  pending_ += bytes;
}

bool KeyReader::waits() const {
  if (pasting_) return interrupted_;
  return answering_ || (!pending_.empty() && pending_.front() == '\x1b');
}

std::optional<KeyReader::Pressed> KeyReader::next() {
  do {
    again_ = false;
    if (auto pressed = pasting_ ? next_paste() : next_key()) return pressed;
  } while (again_);
  complete_ = false;
  return std::nullopt;
}

// Off the input; a key that is none is dropped.
std::optional<KeyReader::Pressed> KeyReader::take(std::size_t bytes, std::optional<Key> key) {
  pending_.erase(0, bytes);
  if (key) return Pressed{.key = *key, .paste = {}};
  again_ = true;
  return std::nullopt;
}

// The rest of a sequence that was too long, up to its final character.
void KeyReader::skip() {
  std::size_t end = 0;
  while (end < pending_.size() && pending_[end] >= 0x20 && pending_[end] < 0x40) ++end;
  skipping_ = end == pending_.size();
  pending_.erase(0, skipping_ ? end : end + 1);
}

// The rest of an answer, up to its end. Whatever cannot be in one is a key again: so nothing that
// looks like an answer, and has no end, takes the keyboard away.
void KeyReader::skip_answer() {
  const auto end =
      std::ranges::find_if(pending_, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  pending_.erase(pending_.begin(), end);
  if (pending_.empty() || pending_ == "\x1b") {
    answering_ = !complete_;
    return;
  }
  answering_ = false;
  if (pending_.front() == '\a')
    pending_.erase(0, 1);
  else if (pending_.starts_with("\x1b\\"))
    pending_.erase(0, 2);
}

std::optional<KeyReader::Pressed> KeyReader::next_key() {
  if (skipping_) skip();
  if (answering_) skip_answer();
  if (pending_.empty()) return std::nullopt;
  return pending_.front() == '\x1b' ? next_escape() : next_character(0, false);
}

std::optional<KeyReader::Pressed> KeyReader::next_character(std::size_t at, bool alt) {
  const auto first = static_cast<unsigned char>(pending_[at]);
  Key key;
  std::size_t length = 1;
  if (first < 0x20 || first == 0x7F) {
    key = key_of_control(first);
  } else {
    length = length_of(first);
    if (at + length > pending_.size() && !complete_) return std::nullopt;
    utf8proc_int32_t c = 0;
    const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(pending_.data()) + at;
    const auto taken =
        utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(pending_.size() - at), &c);
    if (taken <= 0) length = 1;
    key.character = taken > 0 ? static_cast<char32_t>(c) : U'\uFFFD';
    // C1, which nobody types.
    if (c >= 0x80 && c < 0xA0) return take(at + length, std::nullopt);
  }
  key.alt = alt;
  return take(at + length, key);
}

std::optional<KeyReader::Pressed> KeyReader::next_escape() {
  if (pending_.size() == 1) return complete_ ? take(1, named(escape)) : std::nullopt;
  const char second = pending_[1];
  if (second == '\x1b') return take(1, named(escape));
  const bool may_be_answer = second == ']' || second == 'P' || second == '_';
  if (second != '[' && second != 'O' && !may_be_answer) return next_character(1, true);
  if (pending_.size() == 2) return complete_ ? next_character(1, true) : std::nullopt;
  if (!may_be_answer) return next_sequence(2);
  if (!begins_answer(second, pending_[2])) return next_character(1, true);
  answering_ = true;
  return take(2, std::nullopt);
}

// CSI or SS3: digits and the like, and one final character. The Linux console's CSI [ A has one
// more.
std::optional<KeyReader::Pressed> KeyReader::next_sequence(std::size_t begin) {
  std::size_t end = begin;
  if (end < pending_.size() && pending_[1] == '[' && pending_[end] == '[') ++end;
  while (end < pending_.size() && pending_[end] >= 0x20 && pending_[end] < 0x40) ++end;
  if (end - begin > limits::screen_key_bytes) {
    skipping_ = true;
    return take(end, std::nullopt);
  }
  if (end == pending_.size()) return complete_ ? take(end, std::nullopt) : std::nullopt;
  const std::string sequence = pending_.substr(begin, end + 1 - begin);
  if (sequence == "200~") {
    pasting_ = true;
    return take(end + 1, std::nullopt);
  }
  if (sequence[0] == '[') {
    const bool known = sequence.size() == 2 && sequence[1] >= 'A' && sequence[1] <= 'E';
    const auto number = static_cast<Key::Name>(static_cast<int>(f1) + sequence.back() - 'A');
    return take(end + 1, known ? std::optional(named(number)) : std::nullopt);
  }
  if (pending_[1] == '[' && sequence == "M") {
    // The mouse, as the oldest terminals tell it: in three bytes behind.
    const std::size_t all = end + 4;
    if (pending_.size() < all && !complete_) return std::nullopt;
    return take(std::min(all, pending_.size()), std::nullopt);
  }
  return take(end + 1, key_of_sequence(pending_[1], sequence));
}

// Of a paste that has no end the user gets out by Ctrl-C.
std::optional<KeyReader::Pressed> KeyReader::next_paste() {
  if (complete_ && interrupted_) pending_ += paste_end;
  const std::size_t end = pending_.find(paste_end);
  // What may yet be the beginning of the end stays.
  const std::size_t sure = end != std::string::npos
                               ? end
                               : pending_.size() - std::min(pending_.size(), paste_end.size() - 1);
  const std::size_t room = limits::client_line_bytes - paste_.size();
  paste_.append(pending_, 0, std::min(sure, room));
  cut_ = cut_ || sure > room;
  pending_.erase(0, end == std::string::npos ? sure : end + paste_end.size());
  if (end == std::string::npos) return std::nullopt;
  pasting_ = false;
  Pressed pressed{.key = {}, .paste = well_formed(without_controls(paste_)), .cut = cut_};
  paste_.clear();
  cut_ = false;
  return pressed;
}

}  // namespace yallchat::screen
