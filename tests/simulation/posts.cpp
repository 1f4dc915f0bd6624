#include "simulation/posts.h"

#include <charconv>

#include "simulation/trace.h"

namespace yallchat::simulation {

std::size_t Posts::add(std::size_t bytes, bool keyed) {
  posts_.push_back({bytes, keyed, Fate::open, {}, {}});
  return posts_.size() - 1;
}

std::size_t Posts::add_misuse(std::size_t bytes) {
  posts_.push_back({bytes, true, Fate::forbidden, {}, {}});
  return posts_.size() - 1;
}

std::string Posts::body(std::size_t number) const {
  std::string body = std::to_string(number) + " ";
  const std::size_t bytes = posts_[number].bytes;
  if (body.size() < bytes) body.resize(bytes, static_cast<char>('a' + number % 26));
  return body;
}

std::size_t Posts::number_of(std::string_view body) {
  std::size_t number = 0;
  std::from_chars(body.data(), body.data() + body.size(), number);
  return number;
}

void Posts::appended(const Message& message) {
  const std::size_t number = number_of(message.body);
  if (number >= posts_.size() || message.body != body(number))
    violated("message ", message.seqnr.value, " of channel ", message.channel.value,
             " was never said");
  Post& post = posts_[number];
  if (post.seqnr != Seqnr(0))
    violated("post ", number, " is message ", post.seqnr.value, " and message ",
             message.seqnr.value, " too");
  if (post.fate == Fate::refused)
    violated("post ", number, " was refused, and is message ", message.seqnr.value);
  if (post.fate == Fate::forbidden)
    violated("post ", number, " is another text under a used Idempotency-Key, and is message ",
             message.seqnr.value);
  post.channel = message.channel;
  post.seqnr = message.seqnr;
}

void Posts::acknowledged(std::size_t number, ChannelId channel, Seqnr seqnr) {
  Post& post = posts_[number];
  if (post.seqnr == Seqnr(0))
    violated("post ", number, " was acknowledged as message ", seqnr.value,
             ", and is not in the log");
  if (post.seqnr != seqnr || post.channel != channel)
    violated("post ", number, " was acknowledged as message ", seqnr.value, " of channel ",
             channel.value, ", and is message ", post.seqnr.value, " of channel ",
             post.channel.value);
  post.fate = Fate::acknowledged;
  ++acknowledgements_;
}

void Posts::refused(std::size_t number) {
  Post& post = posts_[number];
  // With a key an earlier try may have been appended, its answer lost.
  if (post.keyed) return;
  if (post.seqnr != Seqnr(0))
    violated("post ", number, " was refused, and is message ", post.seqnr.value);
  post.fate = Fate::refused;
}

}  // namespace yallchat::simulation
