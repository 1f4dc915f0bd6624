// Key: one key of a keyboard, and how people write it: ctrl-a, alt-1, shift-tab, f5, pageup.
// Pure; any thread.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace yallchat::screen {

struct Key {
  enum class Name {
    character,  // with its code point
    enter,
    tab,
    backspace,
    del,
    insert,
    up,
    down,
    left,
    right,
    home,
    end,
    pageup,
    pagedown,
    escape,
    f1,
    f2,
    f3,
    f4,
    f5,
    f6,
    f7,
    f8,
    f9,
    f10,
    f11,
    f12,
  };
  Name name = Name::character;
  char32_t character = 0;  // with ctrl a small letter, or one of @[\]^_
  bool ctrl = false;
  bool alt = false;
  bool shift = false;  // not with a character

  auto operator<=>(const Key&) const = default;
};

// Nothing: it is no key.
std::optional<Key> parse_key(std::string_view text);

}  // namespace yallchat::screen
