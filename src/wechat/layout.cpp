#include "wechat/layout.h"

#include <algorithm>
#include <deque>

#include "wechat/cluster.h"
#include "wechat/entry_rows.h"
#include "wechat/status_line.h"
#include "wechat/terminal_text.h"

namespace yallchat::screen {
namespace {

constexpr int narrowest_with_directory = 60;
constexpr int widest_directory = 20;

const Room& active(const View& view) {
  return *view.rooms[view.active];
}

// 0: it is not shown.
int directory_width(const View& view, Size size) {
  const Room& room = active(view);
  if (!view.directory || size.width < narrowest_with_directory || room.names.empty()) return 0;
  int width = text_width("100 here");
  for (const std::string& name : room.names) {
    width = std::max(width, text_width(terminal_text(name)));
    if (width >= widest_directory) break;
  }
  return std::min(width, widest_directory) + 2;  // "│ "
}

Row row_of(const Spans& spans, int column) {
  Row row;
  for (const Span& span : spans) {
    const int width = text_width(span.text);
    row.push_back({column, span});
    column += width;
  }
  return row;
}

int rows_in(const View& view, Room::Id id, int width) {
  return static_cast<int>(entry_rows(active(view), id, width, view.theme).size());
}

// What the user says and is not read back yet: the newest, in half of the screen at most, so that
// it never hides what others say.
std::deque<Spans> own_rows(const View& view, Size area) {
  const Room& room = active(view);
  const auto end = room.own_lines().rend();
  const auto most = static_cast<std::size_t>(std::max(area.height / 2, 1));
  std::deque<Spans> rows;
  auto left = std::ranges::count(room.own_lines(), false, &OwnLine::read_back);
  auto line = room.own_lines().rbegin();
  for (; line != end; ++line) {
    if (line->read_back) continue;
    // A row says how many more there are.
    const std::size_t kept = rows.size() + (left > 1 ? 1 : 0);
    const std::size_t here = rows.empty() && kept >= most ? 1 : most - std::min(most, kept);
    if (here == 0) break;
    const Size room_for_it{area.width, static_cast<int>(here)};
    std::vector<Spans> more = own_line_rows(room, *line, room_for_it, view.theme);
    rows.insert(rows.begin(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
    --left;
  }
  if (left != 0 && rows.size() < most) {
    const auto failed = std::count_if(
        line, end, [](const OwnLine& l) { return l.state == OwnLine::State::failed; });
    std::string words = "… and " + std::to_string(left) + " before";
    if (failed != 0) words += ", " + std::to_string(failed) + " of them not sent (/resend)";
    const Style style{.colour = failed == 0 ? -1 : view.theme.warning, .dim = failed == 0};
    rows.push_front({{fitting(words, area.width), style}});
  }
  return rows;
}

Place bottom(const View& view) {
  return active(view).place.value_or(Place{.entry = active(view).end() - 1});
}

// How many rows there are above the end of a place, counted up to a bound.
int rows_above(const View& view, const Place& place, int width, int bound) {
  int count = -place.hidden_rows;
  for (Room::Id id = place.entry; id >= active(view).first() && count < bound; --id)
    count += rows_in(view, id, width);
  return count;
}

// The last rows of what is said, no more than fit.
std::deque<Spans> message_rows(const View& view, Size area) {
  const Room& room = active(view);
  const auto height = static_cast<std::size_t>(area.height);
  std::deque<Spans> rows;
  const auto put_before = [&](std::vector<Spans> more, int hidden) {
    more.resize(more.size() - std::min(more.size(), static_cast<std::size_t>(hidden)));
    for (auto row = more.rbegin(); row != more.rend() && rows.size() < height; ++row)
      rows.push_front(std::move(*row));
  };
  if (!room.place) rows = own_rows(view, area);
  const Place place = bottom(view);
  int hidden = place.hidden_rows;
  for (Room::Id id = place.entry; id >= room.first() && rows.size() < height; --id) {
    put_before(entry_rows(room, id, area.width, view.theme), hidden);
    hidden = 0;
  }
  return rows;
}

void lay_out_directory(const View& view, int column, int width, int height, Frame& frame) {
  const Room& room = active(view);
  for (int row = 0; row < height; ++row) {
    Row& to = frame.rows[static_cast<std::size_t>(row)];
    to.push_back({column, {"│", {.dim = true}}});
    std::string words;
    Style style;
    const auto index = static_cast<std::size_t>(row) - 1;
    const bool last = row == height - 1 && room.names.size() > static_cast<std::size_t>(row);
    if (row == 0) {
      words = std::to_string(room.names.size()) + " here";
      style.dim = true;
    } else if (last) {
      words = "and " + std::to_string(room.names.size() - index) + " more";
      style.dim = true;
    } else if (index < room.names.size()) {
      words = terminal_text(room.names[index]);
      style = {.colour = name_colour(room.names[index], view.theme),
               .bold = room.names[index] == room.user()};
    }
    to.push_back({column + 2, {fitting(words, width - 2), style}});
  }
}

// What is typed, as it is shown: in one row.
std::string as_shown(std::string_view typed) {
  std::string text;
  for (const char c : terminal_lines(typed))
    if (c == '\n')
      text += "↵";
    else
      text += c;
  return text;
}

// As much from the end as takes no more than so many columns.
std::string last_fitting(const std::string& text, int width) {
  const std::vector<Cluster> all = clusters(text);
  std::string fitting;
  std::size_t first = all.size();
  while (first > 0 && (width -= all[first - 1].width) >= 0) --first;
  for (; first < all.size(); ++first) fitting += all[first].text;
  return fitting;
}

// The part of what is typed that has the cursor in it.
void lay_out_input(const View& view, int row, int width, Frame& frame) {
  const Editor& editor = active(view).editor;
  const std::string prompt = fitting("[" + terminal_text(active(view).channel()) + "] ", width);
  const int prompt_width = text_width(prompt);
  const int column = prompt_width * 3 <= width ? prompt_width : 0;
  const std::string_view text = editor.text();
  // A column is left for the cursor.
  const std::string before =
      last_fitting(as_shown(text.substr(0, editor.cursor())), width - column - 1);
  const int cursor = column + text_width(before);
  const std::string behind = as_shown(text.substr(editor.cursor()));
  Row& to = frame.rows[static_cast<std::size_t>(row)];
  if (column != 0) to.push_back({0, {prompt, {.dim = true}}});
  // Apart, for together their characters might become others, and wider.
  to.push_back({column, {before, {}}});
  to.push_back({cursor, {fitting(behind, width - cursor), {}}});
  frame.cursor_row = row;
  frame.cursor_column = cursor;
}

}  // namespace

Size message_area(const View& view, Size size) {
  const int others = size.height >= 3 ? 2 : 1;
  return {size.width - directory_width(view, size), size.height - others};
}

Frame lay_out(const View& view, Size size) {
  Frame frame{.size = size, .rows = std::vector<Row>(static_cast<std::size_t>(size.height))};
  const Size area = message_area(view, size);
  if (area.height > 0) {
    std::size_t row = 0;
    for (const Spans& spans : message_rows(view, area)) frame.rows[row++] = row_of(spans, 0);
    if (area.width < size.width)
      lay_out_directory(view, area.width, size.width - area.width, area.height, frame);
  }
  if (size.height >= 3)
    frame.rows[static_cast<std::size_t>(area.height)] = row_of(status_line(view, size.width), 0);
  const int last = size.height - 1;
  if (view.question.empty()) {
    lay_out_input(view, last, size.width, frame);
  } else {
    const std::string question = fitting(view.question, size.width);
    frame.rows[static_cast<std::size_t>(last)] = {{0, {question, {.bold = true}}}};
    frame.cursor_row = last;
    frame.cursor_column = std::min(text_width(question), size.width - 1);
  }
  return frame;
}

std::optional<Place> scrolled(const View& view, Size size, int rows) {
  const Room& room = active(view);
  const Size area = message_area(view, size);
  if (room.first() == room.end() || area.height <= 0) return std::nullopt;
  Place place = bottom(view);
  if (!room.place) rows -= std::min(rows, static_cast<int>(own_rows(view, area).size()));
  // Never further than where the oldest is at the top.
  const int most =
      std::max(0, rows_above(view, place, area.width, rows + area.height) - area.height);
  rows = std::min(rows, most);
  while (rows > 0) {
    const int here = rows_in(view, place.entry, area.width) - place.hidden_rows;
    if (rows < here) {
      place.hidden_rows += rows;
      return place;
    }
    rows -= here;
    place = {.entry = place.entry - 1};
  }
  while (rows < 0) {
    const int step = std::min(-rows, place.hidden_rows);
    place.hidden_rows -= step;
    rows += step;
    if (rows == 0) break;
    if (place.entry + 1 >= room.end()) return std::nullopt;
    place.hidden_rows = rows_in(view, ++place.entry, area.width);
  }
  if (place.entry + 1 == room.end() && place.hidden_rows == 0) return std::nullopt;
  return place;
}

bool near_the_top(const View& view, Size size) {
  const Size area = message_area(view, size);
  const int screens = 2 * std::max(area.height, 1);
  return rows_above(view, bottom(view), area.width, screens) < screens;
}

}  // namespace yallchat::screen
