// Editor: the line that is being typed, the cursor in it, what was cut, and the lines of before.
//
// Steps and deletions are by grapheme clusters. Text is UTF-8 and may hold newlines; it is bounded
// by limits::client_line_bytes, the lines of before by limits::screen_typed_lines. Pure; one
// thread.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace yallchat::screen {

class Editor {
 public:
  const std::string& text() const { return text_; }
  std::size_t cursor() const { return cursor_; }  // in bytes

  void insert(std::string_view text);
  // Puts text in the place of a range of bytes, and the cursor behind it.
  void replace(std::size_t begin, std::size_t end, std::string_view text);
  void set(std::string text);

  void left();
  void right();
  void word_left();
  void word_right();
  void home() { cursor_ = 0; }
  void end() { cursor_ = text_.size(); }

  void delete_left();
  void delete_right();
  void cut_word_left();
  void cut_word_right();
  void cut_to_home();
  void cut_to_end();
  void paste_cut() { insert(cut_); }

  // Ends the line: it is remembered, and a new one begins.
  void accept();
  // Through the lines of before; what was being typed comes back at the end.
  void older();
  void newer();

 private:
  std::size_t word_begin() const;
  std::size_t word_end() const;
  void cut(std::size_t begin, std::size_t end);
  void recall(std::size_t at);

  std::string text_;
  std::size_t cursor_ = 0;
  std::string cut_;
  std::deque<std::string> before_;  // oldest first
  std::size_t at_ = 0;              // which of before_ is shown; its size: what is typed
  std::string typed_;
};

}  // namespace yallchat::screen
