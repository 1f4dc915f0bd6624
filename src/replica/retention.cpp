#include "replica/retention.h"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace yallchat {
namespace {

constexpr Monotonic search_interval = std::chrono::seconds(1);
constexpr std::int64_t age_grain_ms = 60'000;
constexpr std::uint64_t size_steps = 16;

// Age is kept to within this; so is a short one, in its own measure.
std::int64_t grain_of(std::int64_t age_ms) {
  return std::min(age_grain_ms, age_ms / 64);
}

}  // namespace

struct Retention::Answers {
  std::mutex mutex;
  std::vector<std::pair<ChannelId, FloorFound>> found;
};

Retention::Retention(const Machine& machine, Store& store, const Clock& clock)
    : machine_(machine), store_(store), clock_(clock), answers_(std::make_shared<Answers>()) {}

void Retention::posted(const Message& message) {
  if (machine_.settings().history_bytes == 0) return;
  const auto known = known_.find(message.channel);
  // One that was never looked at is due for its first look anyway.
  if (known != known_.end()) known->second.bytes += message.bytes();
}

void Retention::turn(const std::function<void(Trim)>& propose) {
  const Settings& settings = machine_.settings();
  if (settings.history_age_ms == 0 && settings.history_bytes == 0) return;
  take_answers(propose);
  const Monotonic now = clock_.monotonic();
  if (due_.empty() && looks_ == 0 && now >= next_search_) {
    next_search_ = now + search_interval;
    find_due();
  }
  while (!due_.empty() && looks_ < limits::floor_looks_at_once) {
    look(due_.front());
    due_.pop_front();
  }
}

void Retention::take_answers(const std::function<void(Trim)>& propose) {
  std::vector<std::pair<ChannelId, FloorFound>> found;
  {
    const std::lock_guard lock(answers_->mutex);
    found.swap(answers_->found);
  }
  for (const auto& [id, floor] : found) {
    --looks_;
    const Channel* channel = machine_.find_channel(id);
    if (!channel) continue;
    if (floor.first > channel->first) {
      // Whether it comes to that is decided by the log, so the next look tells what is known.
      known_.erase(id);
      propose(Trim{id, floor.first});
    } else {
      known_[id] = {floor.time_ms, floor.bytes};
    }
  }
}

void Retention::find_due() {
  for (const ChannelId id : machine_.channel_ids()) {
    const Channel& channel = *machine_.find_channel(id);
    if (channel.head.value - channel.first.value < limits::history_floor) continue;
    const auto known = known_.find(id);
    if (known == known_.end() || age_due(known->second) || size_due(known->second))
      due_.push_back(id);
  }
}

bool Retention::age_due(const Known& known) const {
  const auto age = static_cast<std::int64_t>(machine_.settings().history_age_ms);
  return age != 0 && known.oldest_ms + age + grain_of(age) <= clock_.wall_ms();
}

bool Retention::size_due(const Known& known) const {
  const std::uint64_t bytes = machine_.settings().history_bytes;
  return bytes != 0 && known.bytes > bytes;
}

void Retention::look(ChannelId id) {
  const Channel* channel = machine_.find_channel(id);
  if (!channel || channel->head.value < limits::history_floor) return;
  const Settings& settings = machine_.settings();
  FloorQuery query;
  query.channel = id;
  query.first = channel->first;
  query.keep = Seqnr(channel->head.value - limits::history_floor + 1);
  if (settings.history_age_ms != 0)
    query.not_before_ms = std::max<std::int64_t>(
        1, clock_.wall_ms() - static_cast<std::int64_t>(settings.history_age_ms));
  query.bytes = settings.history_bytes - settings.history_bytes / size_steps;
  ++looks_;
  store_.find_floor(query, [id, answers = answers_](FloorFound found) {
    const std::lock_guard lock(answers->mutex);
    answers->found.emplace_back(id, found);
  });
}

}  // namespace yallchat
