// Other people's text, made safe for a terminal. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace yallchat {

// One line that can do nothing to a terminal: newlines, tabs and the separators U+2028 and U+2029
// become spaces (CR LF one); other control characters (C0, DEL, C1, so every escape sequence loses
// its ESC) and bidirectional controls are dropped; ill-formed UTF-8 becomes U+FFFD.
std::string terminal_text(std::string_view text);

// The same, but newlines stay what they are.
std::string terminal_lines(std::string_view text);

// A JSON text with the same characters as \u escapes: a reader of the JSON gets them, a terminal
// does not.
std::string terminal_json(std::string_view json);

}  // namespace yallchat
