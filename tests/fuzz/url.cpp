// The address of a chat, as people type it.
#include "client/url.h"

#include <algorithm>

#include "base/check.h"
#include "fuzz.h"

namespace yallchat {
namespace {

void check_url(std::string_view text) {
  const auto url = parse_chat_url(text);
  if (!url) {
    CHECK(url.error().code == Errc::invalid && !url.error().message.empty(), "it says why");
    return;
  }
  CHECK(url->base.starts_with("http://") || url->base.starts_with("https://"), "a whole URL");
  CHECK(std::all_of(url->base.begin(), url->base.end(),
                    [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; }),
        "it can stand in a request line");
  CHECK(url->base.find_first_of("?#\\") == std::string::npos, "verbs can be appended to it");
  CHECK(!url->channel.empty(), "it names a channel");
  const auto again = parse_chat_url(url->base);
  // In /chats/chats/8/8 the first chats is of a path and 8 a channel; in what remains without the
  // position, chats is one.
  CHECK(url->from || (again && again->base == url->base && again->channel == url->channel),
        "a URL that was read is read the same");
  const auto numbered = parse_chat_url(url->base + "/83");
  CHECK(numbered && numbered->base == url->base && numbered->channel == url->channel &&
            numbered->from == Seqnr(83),
        "a number at its end is a position");
}

}  // namespace
}  // namespace yallchat

int fuzz_url(const std::uint8_t* data, std::size_t size) {
  yallchat::check_url(yallchat::text_of_input(data, size));
  return 0;
}
