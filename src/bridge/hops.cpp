#include "bridge/hops.h"

#include <algorithm>

#include "base/limits.h"
#include "bridge/digest.h"
#include "protocol/names.h"
#include "protocol/percent.h"
#include "protocol/said.h"

namespace yallchat {
namespace {

// A hop is an Idempotency-Key as well, and those are bounded: of a long name a digest has to do.
std::string channel_segment(const std::string& channel) {
  constexpr std::size_t longest = 128;
  std::string segment = percent_encode_segment(channel);
  return segment.size() <= longest ? segment : short_digest({channel});
}

}  // namespace

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
  if (life != 0) text += origin_life_mark + std::to_string(life);
  return text + "/" + channel_segment(channel) + "/" + std::to_string(seqnr.value);
}

std::string with_hop(const std::string& origin, const std::string& hop) {
  if (origin.empty()) return hop;
  std::string longer = origin + "," + hop;
  return longer.size() <= limits::origin_bytes ? longer : std::string(first_hop(origin));
}

}  // namespace yallchat
