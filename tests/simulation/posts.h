// Every message that a client ever tried to say, and what became of it: each acknowledged one is
// there once, under the number that was told; each refused one never is.
//
// A body begins with its number here, so that it is known wherever it turns up. Used by the
// clients and the checker; outlives all processes. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/message.h"

namespace yallchat::simulation {

class Posts {
 public:
  // once: it may be sent again and again (it has a key), and must still come once.
  std::size_t add(std::size_t bytes, bool keyed);
  // An Idempotency-Key used again for another text: it must never come.
  std::size_t add_misuse(std::size_t bytes);
  std::string body(std::size_t number) const;

  // The log has it.
  void appended(const Message& message);
  // A client was answered so.
  void acknowledged(std::size_t number, ChannelId channel, Seqnr seqnr);
  void refused(std::size_t number);

  std::uint64_t acknowledgements() const { return acknowledgements_; }

 private:
  enum class Fate { open, acknowledged, refused, forbidden };
  struct Post {
    std::size_t bytes;
    bool keyed;
    Fate fate = Fate::open;
    ChannelId channel;  // where it is
    Seqnr seqnr;        // 0: nowhere yet
  };

  static std::size_t number_of(std::string_view body);

  std::vector<Post> posts_;
  std::uint64_t acknowledgements_ = 0;
};

}  // namespace yallchat::simulation
