#include "wechat/wrap.h"

#include <optional>

#include "wechat/cluster.h"

namespace yallchat::screen {
namespace {

// The row that is being filled, and where it could be broken.
class Rows {
 public:
  // A wide character must fit behind the indent.
  Rows(int width, int indent)
      : width_(width), indent_(indent * 2 <= width && indent + 2 <= width ? indent : 0) {}

  // span: its number, from 1.
  void add(const Cluster& cluster, const Style& style, std::size_t span) {
    if (cluster.text == "\n") return begin_row();
    if (cluster.width > width_ - indent_) return add({"?", 1}, style, span);
    if (used_ + cluster.width > width_ && cluster.text == " ") return begin_row();
    if (used_ + cluster.width > width_) break_row(cluster.width);
    append(cluster.text, cluster.width, style, span);
    if (cluster.text == " ") space_ = row_.size();
  }
  std::vector<Spans> finish() {
    flush();
    return std::move(rows_);
  }

 private:
  struct Cell {
    std::string text;
    int width;
    Style style;
    std::size_t span;
  };

  void append(std::string_view text, int width, const Style& style, std::size_t span) {
    row_.push_back({std::string(text), width, style, span});
    used_ += width;
  }

  // What stood apart stays so: together their characters might become others, and wider.
  void flush() {
    Spans spans;
    std::size_t last = 0;
    for (const Cell& cell : row_) {
      if (spans.empty() || cell.span != last) spans.push_back({"", cell.style});
      spans.back().text += cell.text;
      last = cell.span;
    }
    rows_.push_back(std::move(spans));
  }

  void begin_row() {
    flush();
    row_.clear();
    used_ = 0;
    space_.reset();
    for (int i = 0; i < indent_; ++i) append(" ", 1, {}, 0);
  }

  // The word that does not fit goes to the next row, unless it would not fit there either with what
  // comes.
  void break_row(int coming) {
    std::vector<Cell> word;
    if (space_) word.assign(row_.begin() + static_cast<std::ptrdiff_t>(*space_), row_.end());
    int width = indent_ + coming;
    for (const Cell& cell : word) width += cell.width;
    if (width > width_) word.clear();
    if (space_ && width <= width_)
      row_.erase(row_.begin() + static_cast<std::ptrdiff_t>(*space_) - 1, row_.end());
    begin_row();
    for (const Cell& cell : word) append(cell.text, cell.width, cell.style, cell.span);
  }

  int width_;
  int indent_;
  std::vector<Spans> rows_;
  std::vector<Cell> row_;
  int used_ = 0;
  std::optional<std::size_t> space_;  // how many cells there are up to and with the last space
};

}  // namespace

std::vector<Spans> wrap(const Spans& text, int width, int indent) {
  Rows rows(width, indent);
  for (std::size_t i = 0; i < text.size(); ++i)
    for (const Cluster& cluster : clusters(text[i].text)) rows.add(cluster, text[i].style, i + 1);
  return rows.finish();
}

}  // namespace yallchat::screen
