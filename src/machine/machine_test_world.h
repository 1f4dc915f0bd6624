// Shorthand for the tests of the machine: commands without the ceremony.
#pragma once

#include <gtest/gtest.h>

#include <cctype>

#include "machine/machine.h"

namespace yallchat {

inline KeyHash key_number(std::uint64_t n) {
  KeyHash key{};
  for (std::size_t i = 0; i < 8; ++i) key[i] = static_cast<std::uint8_t>(n >> (8 * i));
  return key;
}

inline Token token_number(std::uint64_t n) {
  Token token{};
  for (std::size_t i = 0; i < 8; ++i) token[i] = static_cast<std::uint8_t>(n >> (8 * i));
  return token;
}

inline UserName ascii_user(const std::string& text) {
  std::string key = text;
  for (char& c : key) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return {text, key, {key}, true};
}

struct World {
  Machine machine;
  Effects effects;
  Index index;
  std::uint64_t keys = 0;

  Outcome apply(const Command& command) {
    index = index.next();
    effects.clear();
    return machine.apply(index, command, effects);
  }

  Join join_command(const std::string& channel, const UserName& user) {
    Join join;
    join.channel = {channel, channel};
    join.user = user;
    join.key = key_number(++keys);
    return join;
  }
  Outcome join(const std::string& channel, const UserName& user) {
    return apply(join_command(channel, user));
  }
  SessionId joined(const std::string& channel, const std::string& user) {
    const Outcome outcome = join(channel, ascii_user(user));
    EXPECT_TRUE(std::holds_alternative<outcome::Joined>(outcome));
    return std::get<outcome::Joined>(outcome).session;
  }
  Outcome post(SessionId session, const std::string& body, std::int64_t time_ms = 0) {
    Post post;
    post.session = session;
    post.body = body;
    post.time_ms = time_ms;
    return apply(post);
  }
  Outcome keyed_post(SessionId session, const std::string& body, std::uint64_t token) {
    Post post;
    post.session = session;
    post.body = body;
    post.keyed = Post::Keyed{token_number(token), token_number(std::hash<std::string>{}(body))};
    return apply(post);
  }
  void ticks(std::uint64_t n) {
    for (std::uint64_t i = 0; i < n; ++i) apply(Advance{machine.now()});
  }
  std::vector<std::string> directory(const std::string& channel) {
    const Channel* found = machine.find_channel(channel);
    return found ? machine.directory(*found) : std::vector<std::string>{"(no channel)"};
  }
};

inline Outcome refused(Refusal why) {
  return outcome::Refused{why};
}
inline Outcome posted(std::uint64_t seqnr, bool repeated = false) {
  return outcome::Posted{Seqnr(seqnr), repeated};
}

}  // namespace yallchat
