#include "bridge/said.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "bridge/digest.h"

namespace yallchat {
namespace {

std::string mark_of_origin(const Said& said) {
  return "o" + std::string(first_hop(said.origin));
}

std::string mark_of_text(const Said& said) {
  return "t" + short_digest({said.speaker.author, said.speaker.hops.front(), said.text});
}

}  // namespace

Said Said::of(const Event& message, std::string_view own) {
  Said said{.speaker = Speaker::of(message.source), .text = message.body, .origin = {}};
  if (!message.origin.empty() || is_own_name(message.source, own)) {
    if (auto prefixed = read_prefix(message.body)) {
      said.speaker = Speaker::of(prefixed->name);
      said.text = std::move(prefixed->text);
    }
  }
  // Anybody may post an origin. One that name or prefix do not tell of says nothing.
  const std::vector<std::string> labels = labels_of(message.origin);
  if (!labels.empty() && !said.speaker.hops.empty() && labels.front() == said.speaker.hops.front())
    said.origin = message.origin;
  return said;
}

bool Said::came_by(const std::set<std::string>& labels) const {
  const auto is_in = [&](const std::string& label) { return labels.contains(label); };
  return std::ranges::any_of(speaker.hops, is_in) || std::ranges::any_of(labels_of(origin), is_in);
}

void Brought::add(const Said& said) {
  if (said.speaker.hops.empty()) return;
  if (!said.origin.empty()) add(mark_of_origin(said));
  add(mark_of_text(said));
}

void Brought::add(std::string mark) {
  marks_.insert(mark);
  order_.push_back(std::move(mark));
  if (order_.size() <= limits::bridge_remembered) return;
  take(order_.front());
  order_.pop_front();
}

bool Brought::take(const Said& said) {
  if (said.speaker.hops.empty()) return false;
  if (!said.origin.empty() && take(mark_of_origin(said))) {
    take(mark_of_text(said));
    return true;
  }
  return take(mark_of_text(said));
}

bool Brought::take(const std::string& mark) {
  const auto found = marks_.find(mark);
  if (found == marks_.end()) return false;
  marks_.erase(found);
  return true;
}

}  // namespace yallchat
