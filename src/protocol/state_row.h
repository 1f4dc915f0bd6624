// One row of the machine's state. Its meaning is the machine's; the store only keeps it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace yallchat {

struct StateRow {
  std::uint32_t kind = 0;  // kind, owner and id together are its key
  std::uint64_t owner = 0;
  std::uint64_t id = 0;
  std::optional<std::string> value;  // nullopt: the row is to be deleted

  bool operator==(const StateRow&) const = default;
};

}  // namespace yallchat
