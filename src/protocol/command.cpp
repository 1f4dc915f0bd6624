#include "protocol/command.h"

namespace yallchat {
namespace {

// Ids, tags and lengths of any command.
constexpr std::size_t fixed = 64;

std::size_t size(const Join& join) {
  std::size_t sum = sizeof(Join) + join.channel.text.size() + join.channel.key.size() +
                    join.user.text.size() + join.user.key.size();
  for (const std::string& skeleton : join.user.skeletons) sum += skeleton.size() + 8;
  return sum;
}

std::size_t size(const Post& post) {
  return 64 + post.body.size() + post.origin.size();
}
std::size_t size(const Touch& touch) {
  return 32 + 10 * touch.used_positions.size();
}
std::size_t size(const Kick& kick) {
  return kick.channel.size() + kick.user.size();
}
std::size_t size(const auto&) {
  return 32;
}

}  // namespace

std::size_t size_of(const Command& command) {
  return fixed + std::visit([](const auto& c) { return size(c); }, command);
}

}  // namespace yallchat
