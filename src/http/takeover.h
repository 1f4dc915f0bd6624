// What takes over a connection behind an answer's head: a stream of events, or a WebSocket.
//
// Owner: the connection. The loop's thread only.
#pragma once

#include <string_view>

#include "base/clock.h"

namespace yallchat {

class Takeover {
 public:
  virtual ~Takeover() = default;

  // The answer's head is ready to be sent: it begins.
  virtual void on_begin() = 0;
  // What the client sends from now on. Says how many bytes it took; the rest comes again, with what
  // follows, when input is wanted and the connection may begin more in its turn.
  virtual std::size_t on_input(std::string_view bytes) = 0;
  // All that was given to the connection was sent, and there is room for more.
  virtual void on_room() = 0;
  // About once a second, while there is room.
  virtual void on_look(Monotonic now) = 0;
  // Whether what the client sends is to be read now.
  virtual bool wants_input() const = 0;
  // The server stops. The connection must be finished soon.
  virtual void on_stop() = 0;
  // The connection is gone. Not called after it was finished.
  virtual void on_closed() = 0;
};

}  // namespace yallchat
