#include "client/stream_lines.h"

namespace yallchat {

std::optional<std::string_view> StreamLines::next() {
  const auto end = pending_.find('\n', searched_);
  if (end == std::string::npos) {
    pending_.erase(0, start_);
    start_ = 0;
    searched_ = pending_.size();
    return std::nullopt;
  }
  std::string_view line(pending_.data() + start_, end - start_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  start_ = searched_ = end + 1;
  return line;
}

}  // namespace yallchat
