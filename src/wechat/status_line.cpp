#include "wechat/status_line.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

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

Spans cut(Spans spans, int width) {
  for (Span& span : spans) {
    span.text = fitting(span.text, width);
    width -= text_width(span.text);
  }
  return spans;
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
  const std::string below = room.place ? "more below · " : "";
  const std::string server = terminal_text(room.user() + " at " + room.server()) + " · ";
  const std::string connection = connection_words(room.connection, view.now) + " ";
  const Spans all = titles(view, false);
  const Spans some = titles(view, true);
  // Less and less, until it fits.
  const std::vector<std::pair<Spans, std::string>> forms{
      {all, below + server + connection}, {all, below + connection}, {some, connection}};
  const auto form = std::ranges::find_if(forms, [&](const auto& one) {
    return width_of(one.first) + 1 + text_width(one.second) <= width;
  });
  Spans spans = form == forms.end() ? cut(some, width) : form->first;
  const std::string right = form == forms.end() ? "" : form->second;
  const int gap = width - width_of(spans) - text_width(right);
  spans.push_back({std::string(static_cast<std::size_t>(gap), ' ') + right, {.reverse = true}});
  return spans;
}

}  // namespace yallchat::screen
