#include "wechat/entry_rows.h"

#include <algorithm>
#include <iterator>

#include "base/limits.h"
#include "wechat/cluster.h"
#include "wechat/command.h"
#include "wechat/moment.h"
#include "wechat/terminal_text.h"
#include "wechat/wrap.h"

namespace yallchat::screen {
namespace {

constexpr int time_width = 6;  // "12:34 "
constexpr int narrowest_with_time = 24;
constexpr int widest_name = 64;  // what our servers allow is no wider

Style coloured(int colour) {
  return {.colour = colour};
}

// Of every row but an entry's first: so nobody's text can look like an entry of somebody else.
int indent_at(int width) {
  return width >= narrowest_with_time ? time_width : 1;
}

std::string shown_name(std::string_view name) {
  if (name.empty()) return "?";
  return fitting(terminal_text(name), widest_name);
}

// "── words ──────": as long as the row.
Spans ruler(const std::string& words, int width, const Style& style) {
  const std::string begin = "── " + words + " ";
  std::string row = fitting(begin, width);
  for (int used = text_width(row); used < width; ++used) row += "─";
  return {{row, style}};
}

// So much of it as is shown.
std::string shown(std::string_view text) {
  const std::string_view first = first_bytes(text, limits::screen_message_bytes);
  if (first.size() == text.size()) return terminal_lines(text);
  return terminal_lines(first) + "… (" + std::to_string(text.size() - first.size()) +
         " bytes more)";
}

std::vector<Spans> wrapped(const Spans& spans, int width) {
  std::vector<Spans> rows = wrap(spans, width, indent_at(width));
  if (rows.size() > limits::screen_message_rows) {
    rows.resize(limits::screen_message_rows);
    rows.back() = {{"…", {.dim = true}}};
  }
  return rows;
}

// So many rows; a sign at the end of the last says that there were more.
std::vector<Spans> cut(std::vector<Spans> rows, std::size_t most, int width) {
  if (rows.size() <= most) return rows;
  rows.resize(most);
  if (rows.empty()) return rows;
  int left = width - 1;
  for (Span& span : rows.back()) {
    span.text = fitting(span.text, left);
    left -= text_width(span.text);
  }
  rows.back().push_back({"…", {.dim = true}});
  return rows;
}

Spans with_name(const Room& room, const std::string& source, std::string_view text,
                const Style& style, const Theme& theme) {
  const std::string name = shown_name(source);
  const Style of_name{.colour = name_colour(source, theme), .bold = source == room.user()};
  const std::string_view action = action_of(text);
  if (!action.empty()) return {{"* ", style}, {name, of_name}, {" " + shown(action), style}};
  return {{name, of_name}, {": " + shown(text), style}};
}

std::vector<Spans> message_rows(const Room& room, const Entry& entry, int width,
                                const Theme& theme) {
  const bool with_time = width >= narrowest_with_time;
  Spans spans;
  if (with_time)
    spans.push_back(
        {entry.at ? clock_words(*entry.at) + " " : std::string(time_width, ' '), {.dim = true}});
  const Style style{.colour = entry.mention ? theme.mention : -1, .bold = entry.mention};
  for (Span& span : with_name(room, entry.source, entry.text, style, theme))
    spans.push_back(std::move(span));
  return wrapped(spans, width);
}

std::vector<Spans> rows_of(const Room& room, const Entry& entry, int width, const Theme& theme) {
  const std::string begin(width >= narrowest_with_time ? time_width : 0, ' ');
  switch (entry.kind) {
    case Entry::Kind::message: return message_rows(room, entry, width, theme);
    case Entry::Kind::came_or_went:
      return wrapped({{begin + "* ", coloured(theme.notice)},
                      {shown_name(entry.source), coloured(name_colour(entry.source, theme))},
                      {" " + entry.text, coloured(theme.notice)}},
                     width);
    case Entry::Kind::gap: return {ruler("gap: " + entry.text, width, coloured(theme.warning))};
    case Entry::Kind::notice:
      return wrapped({{begin + shown(entry.text), coloured(theme.notice)}}, width);
    case Entry::Kind::warning:
      return wrapped({{begin + "! " + shown(entry.text), coloured(theme.warning)}}, width);
  }
  return {};
}

// The day of an entry, if it is another one than that of the message before it.
std::string new_day(const Room& room, Room::Id id) {
  const auto& at = room.entry(id).at;
  if (!at) return "";
  Room::Id before = id - 1;
  while (before >= room.first() && !room.entry(before).at) --before;
  std::string day = day_words(*at);
  return before >= room.first() && day_words(*room.entry(before).at) == day ? "" : day;
}

// What is above the first entry, if there is something to say of it.
std::string before_all(const Room& room) {
  if (room.oldest_is_here()) return "the beginning";
  if (room.loading()) return "older messages are on their way";
  return room.full() ? "older messages are not kept on this screen" : "";
}

}  // namespace

int name_colour(std::string_view name, const Theme& theme) {
  if (theme.names.empty()) return -1;
  std::uint32_t hash = 2'166'136'261U;  // FNV-1a
  for (const char c : folded(name)) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  return theme.names[hash % theme.names.size()];
}

std::vector<Spans> entry_rows(const Room& room, Room::Id id, int width, const Theme& theme) {
  std::vector<Spans> rows;
  if (const std::string before = before_all(room); id == room.first() && !before.empty())
    rows.push_back(ruler(before, width, coloured(theme.notice)));
  if (const std::string day = new_day(room, id); !day.empty())
    rows.push_back(ruler(day, width, coloured(theme.notice)));
  if (room.read_line() == id) rows.push_back(ruler("new", width, coloured(theme.read_line)));
  std::ranges::move(rows_of(room, room.entry(id), width, theme), std::back_inserter(rows));
  return rows;
}

std::vector<Spans> own_line_rows(const Room& room, const OwnLine& line, Size most,
                                 const Theme& theme) {
  if (line.read_back || most.height <= 0) return {};
  const bool failed = line.state == OwnLine::State::failed;
  const bool with_time = most.width >= narrowest_with_time;
  const Style style = failed ? coloured(theme.warning) : Style{.dim = true};
  Spans spans;
  const std::string mark = failed ? "✗" : line.state == OwnLine::State::taken ? "✓" : "…";
  spans.push_back({with_time ? "    " + mark + " " : mark + " ", style});
  for (Span& span : with_name(room, room.user(), line.text, style, theme))
    spans.push_back(std::move(span));
  const int indent = indent_at(most.width);
  const auto height = static_cast<std::size_t>(most.height);
  if (!failed) return cut(wrap(spans, most.width, indent), height, most.width);
  const Style of_why{.colour = theme.warning, .bold = true};
  const std::string why = "not sent: " + terminal_text(line.why) + " (/resend)";
  Spans all = spans;
  all.push_back({" — " + why, of_why});
  std::vector<Spans> rows = wrap(all, most.width, indent);
  if (rows.size() <= height) return rows;
  const std::string begin(static_cast<std::size_t>(indent), ' ');
  std::vector<Spans> end =
      cut(wrap({{begin + why, of_why}}, most.width, indent), height - 1, most.width);
  rows = cut(wrap(spans, most.width, indent), height - end.size(), most.width);
  std::ranges::move(end, std::back_inserter(rows));
  return rows;
}

}  // namespace yallchat::screen
