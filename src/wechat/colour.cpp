#include "wechat/colour.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace yallchat {

bool wants_colour(Colour colour, int to) {
  if (colour != Colour::automatic) return colour == Colour::always;
  const auto value = [](const char* name) {
    const char* const found = std::getenv(name);
    return std::string_view(found == nullptr ? "" : found);
  };
  return ::isatty(to) == 1 && value("NO_COLOR").empty() && value("TERM") != "dumb";
}

}  // namespace yallchat
