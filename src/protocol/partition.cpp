#include "protocol/partition.h"

#include <xxhash.h>

#include "base/check.h"

namespace yallchat {

std::uint32_t partition_of(std::string_view channel_key, std::uint32_t partitions) {
  CHECK(partitions > 0, "a log has at least one partition");
  return static_cast<std::uint32_t>(XXH64(channel_key.data(), channel_key.size(), 0) % partitions);
}

}  // namespace yallchat
