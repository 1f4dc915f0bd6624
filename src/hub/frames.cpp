#include "hub/frames.h"

#include <algorithm>

namespace yallchat {

void Frames::add(Framing framing, std::string_view type, Seqnr seqnr, std::string_view json,
                 Progress progress) {
  framing(bytes_, type, seqnr, json);
  marks_.push_back({end(), progress});
}

const Frames::Mark& Frames::ending_behind(std::uint64_t at) const {
  return *std::lower_bound(marks_.begin(), marks_.end(), at,
                           [](const Mark& mark, std::uint64_t place) { return mark.end < place; });
}

void Frames::keep(std::size_t bytes) {
  if (bytes_.size() <= 2 * bytes) return;
  const std::uint64_t until = end() - bytes;
  std::uint64_t to = begin_;
  while (to < until) {
    to = marks_.front().end;
    marks_.pop_front();
  }
  bytes_.erase(0, to - begin_);
  begin_ = to;
}

void Frames::clear() {
  begin_ = end();
  bytes_.clear();
  marks_.clear();
}

}  // namespace yallchat
