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

// The address of a server, by itself or with one chat on it.
struct ServerUrl {
  std::string root;                    // http://my.chat.server:8000
  std::optional<std::string> channel;  // decoded; none: the address names no chat

  bool operator==(const ServerUrl&) const = default;
};

Result<ServerUrl> parse_server_url(std::string_view text);

ChatUrl chat_at(const ServerUrl& server, const std::string& channel);

}  // namespace yallchat
