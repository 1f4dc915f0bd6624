// A second reader of what a WebSocket's client sends, written from RFC 6455 apart from the
// server's, to compare that with.
//
// It has all bytes at once, copies freely, and tells of each frame and each text anew what may
// become of it: where the two differ, the server's bookkeeping between pieces is wrong.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace yallchat {

struct WebsocketHappening {
  enum class Kind { text, ping, pong, close, failure };
  Kind kind;
  std::string payload;  // of a close the reason
  int code = 0;         // of a close or a failure; 0: a close without one

  bool operator==(const WebsocketHappening&) const = default;
};

// In their order, up to the end of the bytes, a close, or a failure.
std::vector<WebsocketHappening> read_strict_websocket(std::string_view bytes,
                                                      std::size_t max_message);

}  // namespace yallchat
