// Channels whose directories are so long that not many of them may be held, and readers who stop in
// the middle of one.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hub/streams_testing.h"

namespace yallchat {

// World: a HubWorld, or what is made of it.
template <class World>
struct LargeChannels : World {
  static constexpr std::size_t directory_bytes = 4 * limits::MiB;
  static constexpr std::size_t fit = limits::held_directory_bytes / directory_bytes - 1;

  // Many come there; gives the first.
  SessionId make(const std::string& channel) {
    const SessionId first = this->join(channel, "first");
    constexpr std::size_t members = 64;
    for (std::size_t n = 0; n < members; ++n)
      this->join(channel, std::to_string(n) + std::string(directory_bytes / members, 'x'));
    return first;
  }
  // A reader that takes so little of its directory that it is in the middle of it.
  StreamReader& stall(SessionId session) {
    readers.push_back(std::make_unique<StreamReader>(*this, session));
    readers.back()->room = 1000;
    readers.back()->open();
    held.push_back(std::exchange(readers.back()->shared, nullptr));
    return *readers.back();
  }
  // Of all that readers were given what is kept, each once.
  std::size_t kept() const {
    std::map<const std::string*, std::size_t> texts;
    for (const auto& one : held)
      if (const TextPtr text = one.lock()) texts[text.get()] = text->size();
    std::size_t bytes = 0;
    for (const auto& [text, size] : texts) bytes += size;
    return bytes;
  }

  std::vector<std::unique_ptr<StreamReader>> readers;
  std::vector<std::weak_ptr<const std::string>> held;
};

}  // namespace yallchat
