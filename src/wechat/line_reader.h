// LineReader: bytes of standard input in, lines to send out.
//
// The end of a line is \n or \r\n; an unfinished last line counts; empty lines are skipped, for
// servers refuse an empty text. A line that cannot be sent (longer than limits::client_line_bytes,
// not UTF-8, NUL in it) comes out as refused. Holds little more than one read and one line. Pure;
// one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yallchat {

class LineReader {
 public:
  struct Line {
    std::uint64_t number = 0;  // from 1, skipped ones counted
    std::string text;
    std::string problem;  // why it cannot be sent, or empty
  };

  void feed(std::string_view bytes) { pending_.append(bytes); }
  // After the last feed.
  void finish() { finished_ = true; }
  // The next line; nothing until more is fed, or at the end.
  std::optional<Line> next();

 private:
  std::optional<std::string_view> take_raw_line();
  Line checked(std::string_view raw);

  std::string pending_;
  std::size_t start_ = 0;  // of the unread part of pending_
  bool finished_ = false;
  bool skipping_ = false;  // the rest of a line that was too long
  std::uint64_t number_ = 0;
};

}  // namespace yallchat
