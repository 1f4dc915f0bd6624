#include "client/outbox.h"

#include <algorithm>
#include <array>

#include "base/limits.h"

namespace yallchat {

std::string new_idempotency_key(Random& random) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<std::uint8_t, 16> bytes{};
  random.fill(bytes);
  std::string key;
  for (const std::uint8_t byte : bytes) {
    key += digits[byte >> 4U];
    key += digits[byte & 15U];
  }
  return key;
}

bool Outbox::full() const {
  return lines_.size() >= limits::client_queued_lines;
}

void Outbox::drop_front() {
  lines_.pop_front();
  front_on_its_way_ = false;
  front_seen_ = false;
}

void Outbox::acknowledged(std::optional<Seqnr> seqnr) {
  const bool seen = seqnr ? last_seen_ && *last_seen_ >= *seqnr : front_seen_;
  if (!seen && !front_seen_) {
    if (unseen_.size() >= limits::client_unseen_messages) unseen_.pop_front();
    unseen_.push_back({seqnr, lines_.front().text});
  }
  drop_front();
}

void Outbox::refused() {
  drop_front();
}

std::vector<std::uint64_t> Outbox::unacknowledged() const {
  std::vector<std::uint64_t> numbers;
  numbers.reserve(lines_.size());
  for (const OutgoingLine& line : lines_) numbers.push_back(line.number);
  if (front_seen_) numbers.erase(numbers.begin());
  return numbers;
}

bool Outbox::saw(const Event& message) {
  if (message.seqnr) {
    last_seen_ = message.seqnr;
    const auto reached = [&](const Unseen& one) {
      return one.seqnr && *one.seqnr <= *message.seqnr;
    };
    if (std::erase_if(unseen_, reached) > 0) return false;
  }
  if (message.source != user_) return false;
  const auto same = std::ranges::find_if(unseen_, [&](const Unseen& one) {
    return (!one.seqnr || !message.seqnr) && one.text == message.body;
  });
  if (same != unseen_.end()) {
    unseen_.erase(same);
    return false;
  }
  if (!front_on_its_way_ || front_seen_ || lines_.front().text != message.body) return false;
  front_seen_ = true;
  return true;
}

}  // namespace yallchat
