#include "wechat/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/limits.h"
#include "wechat/terminal_text.h"

namespace yallchat::screen {
namespace {

constexpr Size usual{80, 24};  // where the system does not know

}  // namespace

Result<std::unique_ptr<Terminal>> Terminal::open(bool colour) {
  auto info = read_terminfo();
  if (!info) return info.error();
  termios mode{};
  if (::tcgetattr(STDIN_FILENO, &mode) != 0)
    return Error{Errc::io, std::string("the terminal cannot be asked: ") + std::strerror(errno)};
  std::unique_ptr<Terminal> terminal(new Terminal(std::move(*info), mode, colour));
  terminal->take();
  return terminal;
}

Terminal::Terminal(Terminfo info, const termios& mode, bool colour)
    : info_(std::move(info)), output_(STDOUT_FILENO), before_(mode), colour_(colour) {}

Terminal::~Terminal() {
  give_back();
}

void Terminal::take() {
  termios raw = before_;
  raw.c_iflag &= ~static_cast<tcflag_t>(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON);
  raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | IEXTEN | ISIG);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  last_words_.emplace(LastWords::Terminal{STDIN_FILENO, output_.fd(), before_}, info_.leave);
  // At once: what is done to output stays as it is, so nothing of it is to be waited for.
  ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  taken_ = true;
  output_.write(info_.enter);
  forget();
}

void Terminal::give_back() {
  if (!taken_) return;
  output_.write(info_.leave);
  if (!output_.finish(std::chrono::milliseconds(limits::screen_stall_ms))) {
    output_.drop();
    output_.write(info_.leave);
  }
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  taken_ = false;
  last_words_.reset();
}

void Terminal::take_again() {
  if (taken_) give_back();
  take();
}

Size Terminal::size() const {
  winsize window{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0)
    return usual;
  return {window.ws_col, window.ws_row};
}

std::string Terminal::style_bytes(const Style& style) const {
  std::string bytes;
  if (style.bold) bytes += info_.bold;
  if (style.dim) bytes += info_.dim;
  if (style.reverse) bytes += info_.reverse;
  if (style.underline) bytes += info_.underline;
  if (colour_) bytes += info_.colour(style.colour);
  return bytes;
}

std::string Terminal::row_bytes(int number, const Row& row) const {
  std::string bytes = info_.move(number, 0) + info_.clear_to_end_of_row;
  for (const Piece& piece : row) {
    if (piece.column != 0) bytes += info_.move(number, piece.column);
    const std::string style = style_bytes(piece.span.style);
    bytes += style + piece.span.text;
    if (!style.empty()) bytes += info_.plain;
  }
  return bytes;
}

void Terminal::draw(const Frame& frame, std::string_view more) {
  const bool all = !shown_ || shown_->size != frame.size;
  std::string bytes;
  for (std::size_t row = 0; row < frame.rows.size(); ++row)
    if (all || frame.rows[row] != shown_->rows[row])
      bytes += row_bytes(static_cast<int>(row), frame.rows[row]);
  const bool cursor_moved =
      all || frame.cursor_row != shown_->cursor_row || frame.cursor_column != shown_->cursor_column;
  if (bytes.empty() && !cursor_moved) return output_.write(more);
  output_.write(info_.begin_frame + info_.hide_cursor + (all ? info_.clear : "") + bytes +
                info_.move(frame.cursor_row, frame.cursor_column) + info_.show_cursor +
                info_.end_frame);
  output_.write(more);
  shown_ = frame;
}

std::string osc9(std::string_view words) {
  return "\x1b]9;" + terminal_text(words) + "\x1b\\";
}

std::string osc777(std::string_view title, std::string_view words) {
  std::string safe = terminal_text(title);
  std::ranges::replace(safe, ';', ',');
  return "\x1b]777;notify;" + safe + ";" + terminal_text(words) + "\x1b\\";
}

}  // namespace yallchat::screen
