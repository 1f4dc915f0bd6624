// An entry of the log: any bytes, as a log or another server could hold them.
#include "base/check.h"
#include "fuzz.h"
#include "protocol/command_codec.h"

namespace yallchat {
namespace {

void check_entry(std::string_view bytes) {
  const auto commands = decode_entry(bytes);
  if (!commands) {
    CHECK(commands.error().code == Errc::damaged || commands.error().code == Errc::unsupported,
          "one of the two reasons");
    CHECK(!commands.error().message.empty() && is_clean(commands.error().message),
          "it can stand in a line of the log");
    return;
  }
  const std::string encoded = encode_entry(*commands);
  const auto again = decode_entry(encoded);
  CHECK(again && *again == *commands, "what was read is read again as the same");
  CHECK(encode_entry(*again) == encoded, "and has one form");
  // About: what a command takes in an entry may be some bytes of tag and length more.
  std::size_t bound = 8;
  for (const Command& command : *commands) bound += size_of(command) + 8;
  CHECK(encoded.size() <= bound, "its size is covered by the bound");
}

}  // namespace
}  // namespace yallchat

int fuzz_command(const std::uint8_t* data, std::size_t size) {
  yallchat::check_entry(yallchat::text_of_input(data, size));
  return 0;
}
