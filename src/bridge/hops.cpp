#include "bridge/hops.h"

#include <algorithm>

#include "base/limits.h"
#include "bridge/digest.h"
#include "protocol/names.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

// No label and no channel has it after percent-encoding.
constexpr char life_mark = ':';

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
  }
  return parts;
}

// A hop is an Idempotency-Key as well, and those are bounded: of a long name a digest has to do.
std::string channel_segment(const std::string& channel) {
  constexpr std::size_t longest = 128;
  std::string segment = percent_encode_segment(channel);
  return segment.size() <= longest ? segment : short_digest({channel});
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

std::optional<Prefixed> read_prefix(std::string_view text) {
  const auto end = text.find("> ");
  if (!text.starts_with('<') || end == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(1, end - 1);
  if (name.find_first_of("<\n") != std::string_view::npos) return std::nullopt;
  if (Speaker::of(name).hops.empty()) return std::nullopt;
  return Prefixed{std::string(name), std::string(text.substr(end + 2))};
}

bool is_own_name(std::string_view name, std::string_view own) {
  if (!name.starts_with(own)) return false;
  name.remove_prefix(own.size());
  if (name.empty()) return true;
  if (!name.starts_with('-')) return false;
  name.remove_prefix(1);
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

std::string own_name(const std::string& own, std::size_t number) {
  return number == 1 ? own : own + "-" + std::to_string(number);
}

std::string channel_key(const std::string& channel) {
  const Result<ChannelName> name = parse_channel(channel);
  return name ? name->key : channel;
}

std::string hop(const std::string& label, const std::string& channel, std::uint64_t life,
                Seqnr seqnr) {
  std::string text = percent_encode_segment(label);
  if (life != 0) text += life_mark + std::to_string(life);
  return text + "/" + channel_segment(channel) + "/" + std::to_string(seqnr.value);
}

std::string_view first_hop(std::string_view origin) {
  return origin.substr(0, origin.find(','));
}

std::vector<std::string> labels_of(std::string_view origin) {
  std::vector<std::string> labels;
  if (origin.empty()) return labels;
  for (const std::string_view hop : split(origin, ',')) {
    const std::string_view server = hop.substr(0, hop.find('/'));
    const auto label = percent_decode(server.substr(0, server.find(life_mark)));
    if (label) labels.push_back(*label);
  }
  return labels;
}

std::string with_hop(const std::string& origin, const std::string& hop) {
  if (origin.empty()) return hop;
  std::string longer = origin + "," + hop;
  return longer.size() <= limits::origin_bytes ? longer : std::string(first_hop(origin));
}

}  // namespace yallchat
