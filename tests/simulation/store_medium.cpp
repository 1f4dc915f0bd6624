#include "simulation/store_medium.h"

#include "simulation/trace.h"

namespace yallchat::simulation {

void StoreMedium::apply(const StoreBatch& batch, State& state) {
  if (batch.position <= state.position)
    violated("the store is given a batch up to entry ", batch.position.value, " though it has ",
             state.position.value);
  for (const StateRow& row : batch.rows) {
    const RowKey key(row.kind, row.owner, row.id);
    if (row.value)
      state.rows[key] = *row.value;
    else
      state.rows.erase(key);
  }
  for (const MessagePtr& message : batch.messages) {
    auto& kept = state.history[message->channel];
    if (!kept.empty() && kept.back()->seqnr.next() != message->seqnr)
      violated("the store is given message ", message->seqnr.value, " of channel ",
               message->channel.value, " after ", kept.back()->seqnr.value);
    kept.push_back(message);
  }
  for (const auto& [channel, first] : batch.floors) {
    auto& kept = state.history[channel];
    while (!kept.empty() && kept.front()->seqnr < first) kept.pop_front();
  }
  state.position = batch.position;
  state.state_hash = batch.state_hash;
}

void StoreMedium::commit(std::shared_ptr<const StoreBatch> batch) {
  apply(*batch, state_);
  since_.push_back(std::move(batch));
}

void StoreMedium::checkpoint() {
  for (const auto& batch : since_) apply(*batch, base_);
  since_.clear();
}

bool StoreMedium::power_loss(Chance& chance, bool lose) {
  if (!lose || since_.empty()) return false;
  since_.resize(chance.below(since_.size()));
  state_ = base_;
  for (const auto& batch : since_) apply(*batch, state_);
  return true;
}

}  // namespace yallchat::simulation
