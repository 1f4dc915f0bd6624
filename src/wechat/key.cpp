#include "wechat/key.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace yallchat::screen {
namespace {

constexpr std::array<std::string_view, 27> names{
    "",      "enter", "tab", "backspace", "delete",   "insert", "up",  "down", "left",
    "right", "home",  "end", "pageup",    "pagedown", "escape", "f1",  "f2",   "f3",
    "f4",    "f5",    "f6",  "f7",        "f8",       "f9",     "f10", "f11",  "f12"};
static_assert(names.size() == static_cast<std::size_t>(Key::Name::f12) + 1);

bool take(std::string_view& text, std::string_view prefix) {
  // "ctrl--" is the key - with ctrl.
  if (!text.starts_with(prefix) || text.size() == prefix.size()) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<Key> parse_key(std::string_view text) {
  Key key;
  for (bool more = true; more;) {
    more = false;
    if (take(text, "ctrl-")) more = key.ctrl = true;
    if (take(text, "alt-")) more = key.alt = true;
    if (take(text, "shift-")) more = key.shift = true;
  }
  if (text == "space") text = " ";
  const auto* const named = std::find(names.begin() + 1, names.end(), text);
  if (named != names.end()) {
    key.name = static_cast<Key::Name>(named - names.begin());
    return key;
  }
  utf8proc_int32_t c = 0;
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  if (size == 0 || utf8proc_iterate(bytes, size, &c) != size || c < 0x20) return std::nullopt;
  const bool control = (c >= 'a' && c <= 'z') || (c >= '[' && c <= '_') || c == '@';
  if (key.shift || (key.ctrl && !control)) return std::nullopt;
  key.character = static_cast<char32_t>(c);
  return key;
}

}  // namespace yallchat::screen
