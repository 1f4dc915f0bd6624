// ChatUrl: the address of a chat, as people type it.
//
//   my.chat.server/chats/octopus             no scheme: http; no port: 8000
//   http://localhost:8000/chats/octopus/83   a number at the end: the backlog from message 83
//   https://example.org/team/chats/octopus   a path before /chats stays; no port: 443, as https
//   means
//
// Pure. Any thread. Errors are invalid, and say what a URL should look like.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace yallchat {

struct ChatUrl {
  std::string base;           // http://my.chat.server:8000/chats/octopus: verbs are appended to it
  std::string channel;        // decoded, for people
  std::optional<Seqnr> from;  // the number at the end

  bool operator==(const ChatUrl&) const = default;
};

Result<ChatUrl> parse_chat_url(std::string_view text);

}  // namespace yallchat
