#include "wechat/terminfo.h"

#include <unistd.h>

#include <cstdint>
#include <cstdlib>

// Last: it defines macros with everyday names.
#include <curses.h>
#include <term.h>
#undef newline
#undef tab
#undef columns
#undef lines

namespace yallchat::screen {
namespace {

// No terminal of today needs the pauses that some sequences name.
std::string without_pauses(std::string sequence) {
  for (std::size_t begin = sequence.find("$<"); begin != std::string::npos;
       begin = sequence.find("$<")) {
    const std::size_t end = sequence.find('>', begin);
    if (end == std::string::npos) break;
    sequence.erase(begin, end + 1 - begin);
  }
  return sequence;
}

char* raw(const char* name) {
  char* const found = tigetstr(name);
  return reinterpret_cast<std::intptr_t>(found) == -1 ? nullptr : found;
}

std::string capability(const char* name) {
  const char* const found = raw(name);
  return found == nullptr ? "" : without_pauses(found);
}

std::string with(const char* name, long first, long second) {
  char* const format = raw(name);
  if (format == nullptr) return "";
  const char* const made = tparm(format, first, second, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
  return made == nullptr ? "" : without_pauses(made);
}

// Whether it has modes as the VT terminals' successors have them. These ignore a mode that they do
// not know; others would show its number.
bool has_private_modes() {
  for (const char* const name : {"smcup", "rmam", "civis"})
    if (capability(name).find("\x1b[?") != std::string::npos) return true;
  return false;
}

}  // namespace

std::string Terminfo::move(int row, int column) const {
  return with("cup", row, column);
}

std::string Terminfo::colour(int number) const {
  // Terminals with fewer colours get one of theirs.
  if (number < 0 || colours < 8) return "";
  return with("setaf", number < colours ? number : 1 + number % 7, 0);
}

Result<Terminfo> read_terminfo() {
  const char* const term = std::getenv("TERM");
  const std::string name = term == nullptr ? "" : term;
  int problem = 0;
  if (setupterm(nullptr, STDOUT_FILENO, &problem) != OK || raw("cup") == nullptr ||
      raw("clear") == nullptr || raw("el") == nullptr)
    return Error{Errc::unsupported, "TERM='" + name + "' is no terminal with a full screen"};
  Terminfo info;
  info.enter = capability("smcup") + capability("smkx") + capability("rmam");
  info.plain = capability("sgr0");
  info.hide_cursor = capability("civis");
  info.show_cursor = capability("cnorm");
  info.leave =
      info.plain + capability("smam") + capability("rmkx") + info.show_cursor + capability("rmcup");
  // Terminfo does not name these everywhere yet.
  if (has_private_modes()) {
    info.begin_frame = "\x1b[?2026h";
    info.end_frame = "\x1b[?2026l";
    info.enter += "\x1b[?2004h";
    info.leave = info.end_frame + "\x1b[?2004l" + info.leave;
  }
  info.clear = capability("clear");
  info.clear_to_end_of_row = capability("el");
  info.bold = capability("bold");
  info.dim = capability("dim");
  info.reverse = capability("rev");
  info.underline = capability("smul");
  info.colours = tigetnum("colors");
  return info;
}

}  // namespace yallchat::screen
