#include "wechat/wrap.h"

#include <optional>

#include "wechat/cluster.h"

namespace yallchat::screen {
namespace {

// The row that is being filled, and where it could be broken.
class Rows {
 public:
  Rows(int width, int indent) : width_(width), indent_(indent * 2 <= width ? indent : 0) {}

  void add(const Cluster& cluster, const Style& style) {
    if (cluster.text == "\n") return begin_row();
    if (cluster.width > width_) return add({"?", 1}, style);
    if (used_ + cluster.width > width_ && cluster.text == " ") return begin_row();
    if (used_ + cluster.width > width_) break_row();
    append(cluster.text, cluster.width, style);
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
  };

  void append(std::string_view text, int width, const Style& style) {
    row_.push_back({std::string(text), width, style});
    used_ += width;
  }

  void flush() {
    Spans spans;
    for (const Cell& cell : row_) {
      if (spans.empty() || spans.back().style != cell.style) spans.push_back({"", cell.style});
      spans.back().text += cell.text;
    }
    rows_.push_back(std::move(spans));
  }

  void begin_row() {
    flush();
    row_.clear();
    used_ = 0;
    space_.reset();
    for (int i = 0; i < indent_; ++i) append(" ", 1, {});
  }

  // The word that does not fit goes to the next row, unless it is as long as this one.
  void break_row() {
    std::vector<Cell> word;
    if (space_) {
      word.assign(std::make_move_iterator(row_.begin() + static_cast<std::ptrdiff_t>(*space_)),
                  std::make_move_iterator(row_.end()));
      row_.erase(row_.begin() + static_cast<std::ptrdiff_t>(*space_) - 1, row_.end());
    }
    begin_row();
    for (const Cell& cell : word) append(cell.text, cell.width, cell.style);
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
  for (const Span& span : text)
    for (const Cluster& cluster : clusters(span.text)) rows.add(cluster, span.style);
  return rows.finish();
}

}  // namespace yallchat::screen
