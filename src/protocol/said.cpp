#include "protocol/said.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "protocol/percent.h"

namespace yallchat {
namespace {

struct Prefixed {
  Speaker speaker;
  std::string_view text;
};

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
  }
  return parts;
}

std::optional<Prefixed> read_prefix(std::string_view text) {
  const auto end = text.find("> ");
  if (!text.starts_with('<') || end == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(1, end - 1);
  if (name.find_first_of("<\n") != std::string_view::npos) return std::nullopt;
  Speaker speaker = Speaker::of(name);
  if (speaker.hops.empty()) return std::nullopt;
  return Prefixed{std::move(speaker), text.substr(end + 2)};
}

// The label of one hop; nothing where it has none.
Result<std::string> label_of(std::string_view hop) {
  const std::string_view server = hop.substr(0, hop.find('/'));
  return percent_decode(server.substr(0, server.find(origin_life_mark)));
}

}  // namespace

Speaker Speaker::of(std::string_view name) {
  const std::vector<std::string_view> parts = split(name, '@');
  // From the end, where bridges put them: people may have names with "@" as they like.
  std::size_t first = parts.size();
  std::size_t behind = 0;  // of the name, the hops
  while (first > 1 && !parts[first - 1].empty()) behind += 1 + parts[--first].size();
  return {.author = std::string(name.substr(0, name.size() - behind)),
          .hops = {parts.begin() + static_cast<std::ptrdiff_t>(first), parts.end()}};
}

std::string Speaker::name() const {
  std::string name = author;
  for (const std::string& label : hops) name += "@" + label;
  return name;
}

Speaker Speaker::by(const std::string& label) const {
  Speaker further = *this;
  further.hops.push_back(label);
  return further;
}

std::string with_prefix(const std::string& name, const std::string& text) {
  return "<" + name + "> " + text;
}

std::string_view first_hop(std::string_view origin) {
  return origin.substr(0, origin.find(','));
}

Said Said::of(std::string_view source, std::string_view text, std::string_view origin,
              bool by_bridge) {
  Said said{.speaker = Speaker::of(source), .text = {}, .origin = {}};
  if (said.speaker.hops.empty() && (by_bridge || !origin.empty())) {
    if (auto prefixed = read_prefix(text)) {
      said.speaker = std::move(prefixed->speaker);
      text = prefixed->text;
    }
  }
  said.text = text;
  const auto label = label_of(first_hop(origin));
  if (label && !said.speaker.hops.empty() && *label == said.speaker.hops.front())
    said.origin = origin;
  return said;
}

bool Said::came_by(const std::set<std::string>& labels) const {
  const auto is_in = [&](const std::string& label) { return labels.contains(label); };
  const auto is_by_one = [&](std::string_view hop) {
    const auto label = label_of(hop);
    return label && is_in(*label);
  };
  return std::ranges::any_of(speaker.hops, is_in) ||
         std::ranges::any_of(split(origin, ','), is_by_one);
}

}  // namespace yallchat
