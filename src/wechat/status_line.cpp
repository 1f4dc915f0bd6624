#include "wechat/status_line.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include "wechat/cluster.h"
#include "wechat/terminal_text.h"

namespace yallchat::screen {
namespace {

constexpr int widest_channel = 64;  // what our servers allow is no wider

// "2:drummers", and "(3!)" where there are 3 unread, one of them with a mention.
std::string title(const View& view, std::size_t index) {
  const Room& room = *view.rooms[index];
  const std::string channel = fitting(terminal_text(room.channel()), widest_channel);
  std::string words = std::to_string(index + 1) + ":" + channel;
  if (room.unread() != 0)
    words += "(" + std::to_string(room.unread()) + (room.mentions() != 0 ? "!" : "") + ")";
  return words;
}

Span title_span(const View& view, std::size_t index) {
  const bool active = index == view.active;
  return {" " + title(view, index),
          {.bold = active, .reverse = true, .underline = active && view.rooms.size() > 1}};
}

// The active one, those with a mention, those with something unread, and the rest.
std::vector<std::size_t> by_weight(const View& view) {
  std::vector<std::size_t> order(view.rooms.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto weight = [&](std::size_t index) {
    if (index == view.active) return 3;
    if (view.rooms[index]->mentions() != 0) return 2;
    return view.rooms[index]->unread() != 0 ? 1 : 0;
  };
  std::ranges::stable_sort(order, std::greater<>(), weight);
  return order;
}

int width_of(const Spans& spans) {
  int width = 0;
  for (const Span& span : spans) width += text_width(span.text);
  return width;
}

struct Titles {
  Spans spans;
  bool all = false;
};

// As many as fit, and how many others there are; nothing where the active one does not.
Titles fitting_titles(const View& view, int width) {
  const std::vector<std::size_t> order = by_weight(view);
  std::size_t count = 0;
  std::string others;
  Spans spans;
  for (; count < order.size(); ++count) {
    Spans more = spans;
    more.push_back(title_span(view, order[count]));
    const std::size_t left = order.size() - count - 1;
    std::string sign = left == 0 ? "" : " +" + std::to_string(left);
    if (left != 0 && view.rooms[order[count + 1]]->mentions() != 0) sign += "!";
    if (width_of(more) + text_width(sign) > width) break;
    spans = std::move(more);
    others = std::move(sign);
  }
  std::vector<std::size_t> shown(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
  std::ranges::sort(shown);
  std::ranges::transform(shown, spans.begin(), [&](std::size_t i) { return title_span(view, i); });
  if (count != 0 && !others.empty()) spans.push_back({others, {.reverse = true}});
  return {.spans = std::move(spans), .all = count == order.size()};
}

Spans joined(Spans spans, const std::string& right, int width) {
  const int gap = std::max(width - width_of(spans) - text_width(right), 0);
  spans.push_back({std::string(static_cast<std::size_t>(gap), ' ') + right, {.reverse = true}});
  return spans;
}

// The active channel and the connection share what there is.
Spans narrowest(const View& view, const std::string& connection, int width) {
  Span active = title_span(view, view.active);
  const int room = std::max(width - 1 - text_width(connection), width / 3);
  if (text_width(active.text) > room)
    active.text = fitting(active.text, room - 1) + (room > 0 ? "…" : "");
  const int left = width - text_width(active.text);
  const std::string right = left > 0 ? " " + fitting(connection, left - 1) : "";
  return joined({active}, right, width);
}

// "live" and the like.
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

}  // namespace

Spans status_line(const View& view, int width) {
  const Room& room = *view.rooms[view.active];
  const std::string below = room.place ? "more below · " : "";
  const std::string server =
      fitting(terminal_text(room.user() + " at " + room.server()), width) + " · ";
  const std::string connection = connection_words(room.connection, view.now);
  const std::string in_short = connection.substr(0, connection.find(','));
  const std::string all = below + server + connection + " ";
  Titles titles = fitting_titles(view, width - 1 - text_width(all));
  if (titles.all) return joined(std::move(titles.spans), all, width);
  for (const std::string& right : {below + connection, connection, in_short}) {
    titles = fitting_titles(view, width - 2 - text_width(right));
    if (!titles.spans.empty()) return joined(std::move(titles.spans), right + " ", width);
  }
  return narrowest(view, in_short, width);
}

}  // namespace yallchat::screen
