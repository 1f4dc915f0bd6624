#include "wechat/line_reader.h"

#include "base/limits.h"
#include "protocol/names.h"

namespace yallchat {

// Up to and without the \n; a piece of a line that is too long as soon as that is certain.
std::optional<std::string_view> LineReader::take_raw_line() {
  const std::string_view unread = std::string_view(pending_).substr(start_);
  const auto end = unread.find('\n');
  if (end != std::string_view::npos) {
    start_ += end + 1;
    return unread.substr(0, end);
  }
  const bool too_long = unread.size() > limits::client_line_bytes + 1;  // it may yet end in \r
  if (!too_long && (!finished_ || unread.empty())) {
    pending_.erase(0, start_);
    start_ = 0;
    return std::nullopt;
  }
  start_ = pending_.size();
  return unread;
}

LineReader::Line LineReader::checked(std::string_view raw) {
  Line line{.number = number_, .text = {}, .problem = {}};
  if (raw.size() > limits::client_line_bytes)
    line.problem = "it is longer than " + std::to_string(limits::client_line_bytes) + " bytes";
  else if (raw.find('\0') != std::string_view::npos)
    line.problem = "it contains NUL";
  else if (!is_utf8(raw))
    line.problem = "it is not UTF-8";
  else
    line.text = raw;
  return line;
}

std::optional<LineReader::Line> LineReader::next() {
  while (const auto taken = take_raw_line()) {
    std::string_view raw = *taken;
    // Only a whole line ends in \n or with the input.
    const bool whole = start_ > 0 && pending_[start_ - 1] == '\n';
    const bool rest_of_long_line = skipping_;
    skipping_ = !whole && !finished_;
    if (rest_of_long_line) continue;
    ++number_;
    if (raw.ends_with('\r')) raw.remove_suffix(1);
    if (!raw.empty()) return checked(raw);
  }
  return std::nullopt;
}

}  // namespace yallchat
