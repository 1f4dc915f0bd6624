#include "hub/frames.h"

#include <algorithm>

namespace yallchat {

void Framing::add(std::string& out, std::string_view type, Seqnr seqnr,
                  std::string_view json) const {
  begin(out, type, seqnr, json.size());
  out.append(json).append(end);
}

std::array<std::string_view, 3> SharedEvent::from(std::size_t at) const {
  std::array<std::string_view, 3> parts{head, *text, tail};
  for (std::string_view& part : parts) {
    const std::size_t behind = std::min(at, part.size());
    part.remove_prefix(behind);
    at -= behind;
  }
  return parts;
}

void Frames::add(const Framing& framing, std::string_view type, Seqnr seqnr, std::string_view json,
                 Progress progress) {
  framing.add(bytes_, type, seqnr, json);
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
