#include "wechat/editor.h"

#include "base/limits.h"
#include "wechat/cluster.h"

namespace yallchat::screen {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t';
}

}  // namespace

void Editor::insert(std::string_view text) {
  replace(cursor_, cursor_, text);
}

void Editor::replace(std::size_t begin, std::size_t end, std::string_view text) {
  if (text_.size() - (end - begin) + text.size() > limits::client_line_bytes) return;
  text_.replace(begin, end - begin, text);
  cursor_ = begin + text.size();
}

void Editor::set(std::string text) {
  text_ = std::move(text);
  cursor_ = text_.size();
}

void Editor::left() {
  cursor_ = previous_cluster(text_, cursor_);
}

void Editor::right() {
  cursor_ = next_cluster(text_, cursor_);
}

std::size_t Editor::word_begin() const {
  std::size_t at = cursor_;
  while (at > 0 && is_space(text_[at - 1])) --at;
  while (at > 0 && !is_space(text_[at - 1])) --at;
  return at;
}

std::size_t Editor::word_end() const {
  std::size_t at = cursor_;
  while (at < text_.size() && is_space(text_[at])) ++at;
  while (at < text_.size() && !is_space(text_[at])) ++at;
  return at;
}

void Editor::word_left() {
  cursor_ = word_begin();
}

void Editor::word_right() {
  cursor_ = word_end();
}

void Editor::delete_left() {
  const std::size_t begin = previous_cluster(text_, cursor_);
  text_.erase(begin, cursor_ - begin);
  cursor_ = begin;
}

void Editor::delete_right() {
  text_.erase(cursor_, next_cluster(text_, cursor_) - cursor_);
}

void Editor::cut(std::size_t begin, std::size_t end) {
  if (begin == end) return;
  cut_ = text_.substr(begin, end - begin);
  text_.erase(begin, end - begin);
  cursor_ = begin;
}

void Editor::cut_word_left() {
  cut(word_begin(), cursor_);
}

void Editor::cut_word_right() {
  cut(cursor_, word_end());
}

void Editor::cut_to_home() {
  cut(0, cursor_);
}

void Editor::cut_to_end() {
  cut(cursor_, text_.size());
}

void Editor::accept() {
  if (!text_.empty() && (before_.empty() || before_.back() != text_)) before_.push_back(text_);
  if (before_.size() > limits::screen_typed_lines) before_.pop_front();
  at_ = before_.size();
  typed_.clear();
  set("");
}

void Editor::recall(std::size_t at) {
  if (at_ == before_.size()) typed_ = text_;
  at_ = at;
  set(at_ == before_.size() ? typed_ : before_[at_]);
}

void Editor::older() {
  if (at_ > 0) recall(at_ - 1);
}

void Editor::newer() {
  if (at_ < before_.size()) recall(at_ + 1);
}

}  // namespace yallchat::screen
