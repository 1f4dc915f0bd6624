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
  const auto watched = watched_.find(message.channel);
  if (watched != watched_.end()) watched->second.bytes += stored_bytes(message);
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
    Watch& watch = watched_[id];
    // Whether a trim comes about is decided by the log, so another look tells what is known then.
    watch.looked = floor.first <= channel->first;
    watch.oldest_ms = floor.time_ms;
    watch.bytes = floor.bytes;
    watch.seen = floor.last;
    if (!watch.looked) propose(Trim{id, floor.first});
  }
}

void Retention::find_due() {
  for (const ChannelId id : machine_.channel_ids())
    if (is_due(*machine_.find_channel(id))) due_.push_back(id);
}

bool Retention::is_due(const Channel& channel) {
  const std::uint64_t kept = channel.head.value + 1 - channel.first.value;
  if (kept <= limits::history_floor) return false;
  Watch& watch = watched_[channel.id];
  const bool quiet = watch.head == channel.head;
  watch.head = channel.head;
  if (!quiet && kept <= limits::history_floor + limits::history_floor / 16) return false;
  return !watch.looked || age_due(watch) || size_due(watch, channel, quiet);
}

bool Retention::age_due(const Watch& watch) const {
  const auto age = static_cast<std::int64_t>(machine_.settings().history_age_ms);
  return age != 0 && watch.oldest_ms + age + grain_of(age) <= clock_.wall_ms();
}

// While much is said, what was not stored at the last look is not counted; when the channel is
// quiet it is looked at once more.
bool Retention::size_due(const Watch& watch, const Channel& channel, bool quiet) const {
  const std::uint64_t bytes = machine_.settings().history_bytes;
  return bytes != 0 && (watch.bytes > bytes || (quiet && watch.seen < channel.head));
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
  query.bytes = settings.history_bytes;
  ++looks_;
  store_.find_floor(query, [id, answers = answers_](FloorFound found) {
    const std::lock_guard lock(answers->mutex);
    answers->found.emplace_back(id, found);
  });
}

}  // namespace yallchat
