#include "wechat/status_line.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "wechat/cluster.h"
#include "wechat/terminal_text.h"

namespace yallchat::screen {
namespace {

// "2:drummers", and "(3!)" where there are 3 unread, one of them with a mention.
std::string title(const View& view, std::size_t index) {
  const Room& room = *view.rooms[index];
  std::string words = std::to_string(index + 1) + ":" + terminal_text(room.channel());
  if (room.unread() != 0)
    words += "(" + std::to_string(room.unread()) + (room.mentions() != 0 ? "!" : "") + ")";
  return words;
}

Spans titles(const View& view, bool only_what_matters) {
  Spans spans;
  for (std::size_t i = 0; i < view.rooms.size(); ++i) {
    const bool active = i == view.active;
    if (only_what_matters && !active && view.rooms[i]->unread() == 0) continue;
    spans.push_back(
        {" " + title(view, i),
         {.bold = active, .reverse = true, .underline = active && view.rooms.size() > 1}});
  }
  return spans;
}

int width_of(const Spans& spans) {
  int width = 0;
  for (const Span& span : spans) width += text_width(span.text);
  return width;
}

}  // namespace

std::string connection_words(const ConnectionState& connection, Monotonic now) {
  using std::chrono::ceil;
  using std::chrono::seconds;
  switch (connection.kind) {
    case ConnectionState::Kind::connecting: return "connecting…";
    case ConnectionState::Kind::streaming: return "live";
    case ConnectionState::Kind::polling: return "polling";
    case ConnectionState::Kind::waiting: {
      const auto left = connection.again_at ? *connection.again_at - now : Monotonic(0);
      const auto in = std::max(ceil<seconds>(left), seconds(0)).count();
      return "no connection, again in " + std::to_string(in) + " s";
    }
    case ConnectionState::Kind::ended: return "not connected";
  }
  return "";
}

Spans status_line(const View& view, int width) {
  const Room& room = *view.rooms[view.active];
  const std::string connection = connection_words(room.connection, view.now);
  const std::string below = room.place ? "more below · " : "";
  const std::string server = terminal_text(room.user() + " at " + room.server()) + " · ";
  // Less and less, until it fits.
  const std::array<std::pair<Spans, std::string>, 4> forms{
      {{titles(view, false), below + server + connection},
       {titles(view, false), below + connection},
       {titles(view, true), connection},
       {titles(view, true), ""}}};
  for (const auto& [left, right] : forms) {
    const int used = width_of(left) + text_width(right) + 2;
    if (used > width && &right != &forms.back().second) continue;
    Spans spans = left;
    int taken = width_of(left);
    if (used > width) {  // cut where it must be
      spans.clear();
      taken = 0;
      for (const Span& span : left) {
        spans.push_back({std::string(fitting(span.text, width - taken)), span.style});
        taken += text_width(spans.back().text);
      }
    }
    const int gap = std::max(0, width - taken - text_width(right) - (right.empty() ? 0 : 1));
    spans.push_back(
        {std::string(static_cast<std::size_t>(gap), ' ') + right + (right.empty() ? "" : " "),
         {.reverse = true}});
    return spans;
  }
  return {};
}

}  // namespace yallchat::screen
