#include "simulation/simulated_store.h"

#include "base/check.h"
#include "base/limits.h"

namespace yallchat::simulation {

using std::chrono::milliseconds;

void SimulatedStore::crash() {
  if (writing_ && !o_.no_space && o_.chance.one_in(2)) commit();
}

Result<Store::Contents> SimulatedStore::load() {
  const StoreMedium::State& state = o_.medium.state();
  Contents contents{state.position, state.state_hash, {}};
  for (const auto& [key, value] : state.rows)
    contents.rows.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), value});
  checkpoint_later();
  return contents;
}

// --- Writing ---

void SimulatedStore::write(StoreBatch batch) {
  CHECK(idle(), "a batch is handed over while another is being written");
  writing_ = std::make_shared<StoreBatch>(std::move(batch));
  ++ticket_;
  finish_later(o_.slowest_write_ms);
}

void SimulatedStore::finish_later(std::uint64_t slowest_ms) {
  o_.loop.after(milliseconds(o_.chance.below(slowest_ms + 1)), [this, ticket = ticket_] {
    if (!writing_ || ticket_ != ticket) return;
    if (o_.no_space) return finish_later(1'000);
    commit();
    if (o_.chance.one_in(3)) checkpoint_later();
  });
}

void SimulatedStore::commit() {
  spoil(*writing_);
  o_.medium.commit(std::move(writing_));
  writing_ = nullptr;
  if (o_.canary == Canary::early_trim) checkpointed_ = written();
}

void SimulatedStore::checkpoint() {
  o_.medium.checkpoint();
  checkpointed_ = o_.medium.checkpointed();
}

void SimulatedStore::checkpoint_later() {
  o_.loop.after(milliseconds(o_.chance.below(o_.slowest_write_ms * 4 + 1)), [this] {
    if (!o_.no_space) checkpoint();
  });
}

void SimulatedStore::flush() {
  if (o_.no_space) return;
  if (writing_) commit();
  checkpoint();
}

void SimulatedStore::spoil(StoreBatch& batch) {
  if (o_.canary == Canary::forgotten_row && batch.rows.size() > 1) batch.rows.pop_back();
}

// --- Reading ---

std::vector<HistoryItem> SimulatedStore::items(ChannelId channel, Seqnr from,
                                               std::size_t limit) const {
  std::vector<HistoryItem> found;
  const auto kept = o_.medium.state().history.find(channel);
  if (kept == o_.medium.state().history.end() || kept->second.empty()) return found;
  const Seqnr first = std::max(from, kept->second.front()->seqnr);
  std::size_t bytes = 0;
  for (std::size_t at = first.value - kept->second.front()->seqnr.value;
       at < kept->second.size() && found.size() < limit; ++at) {
    const MessagePtr& message = kept->second[at];
    bytes += message->bytes();
    if (!found.empty() && bytes > limits::history_page_bytes) break;
    const bool lost = o_.canary == Canary::lost_message && message->seqnr.value % 5 == 0;
    found.push_back({message->seqnr, lost ? nullptr : message});
  }
  return found;
}

void SimulatedStore::read(ChannelId channel, Seqnr from, std::size_t limit, ReadDone done) {
  o_.trace.reached(Reached::read_from_store);
  Monotonic delay = milliseconds(o_.chance.below(o_.slowest_read_ms + 1));
  if (o_.chance.one_in(8)) delay *= 10;
  const std::size_t most = o_.chance.one_in(3) ? o_.chance.between(1, limit) : limit;
  if (o_.chance.one_in(2)) {
    o_.loop.after(delay, [this, channel, from, most, done = std::move(done)] {
      done(items(channel, from, most));
    });
  } else {
    o_.loop.after(delay,
                  [found = items(channel, from, most), done = std::move(done)] { done(found); });
  }
}

FloorFound SimulatedStore::floor(const FloorQuery& query) const {
  FloorFound found{query.first, 0, 0, {}};
  const auto kept = o_.medium.state().history.find(query.channel);
  if (kept == o_.medium.state().history.end()) return found;
  const auto& messages = kept->second;
  const auto goes = [&](const Message& message) {
    return message.seqnr < query.keep && message.time_ms < query.not_before_ms;
  };
  std::uint64_t all = 0;
  Seqnr enough = query.keep;
  for (auto it = messages.rbegin(); query.bytes != 0 && it != messages.rend(); ++it) {
    if ((*it)->seqnr < query.first) break;
    found.last = std::max(found.last, (*it)->seqnr);
    all += stored_bytes(**it);
    if (all <= query.bytes - query.bytes / 16 || (*it)->seqnr >= query.keep) {
      enough = (*it)->seqnr;
      found.bytes = all;
    }
    if (all > query.bytes && (*it)->seqnr < query.keep) found.first = std::min(enough, query.keep);
  }
  for (const MessagePtr& message : messages) {
    if (message->seqnr < found.first) continue;
    if (!goes(*message)) {
      found.time_ms = message->time_ms;
      break;
    }
    found.first = message->seqnr.next();
  }
  return found;
}

void SimulatedStore::find_floor(FloorQuery query, FloorDone done) {
  const Monotonic delay = milliseconds(o_.chance.below(o_.slowest_read_ms + 1));
  o_.loop.after(delay, [this, query, done = std::move(done)] { done(floor(query)); });
}

}  // namespace yallchat::simulation
