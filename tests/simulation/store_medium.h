// What a simulated store keeps when its process is gone: transactions, and how far they are safe.
//
// A model of SQLite's file and its write-ahead log. What was committed survives the process. When
// the power goes, a suffix of what was not checkpointed may be lost (a write-ahead log with a bad
// frame ends there), never part of a transaction. One thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "simulation/chance.h"
#include "store/store.h"

namespace yallchat::simulation {

class StoreMedium {
 public:
  using RowKey = std::tuple<std::uint32_t, std::uint64_t, std::uint64_t>;
  struct State {
    Index position;
    std::uint64_t state_hash = 0;
    std::map<RowKey, std::string> rows;
    std::unordered_map<ChannelId, std::deque<MessagePtr>> history;
  };

  // Violated when what it is given does not follow what it has.
  void commit(std::shared_ptr<const StoreBatch> batch);
  void checkpoint();
  // The power went. lose: some of what was not checkpointed is not there any more. Answers
  // whether something is not.
  bool power_loss(Chance& chance, bool lose);

  const State& state() const { return state_; }
  Index checkpointed() const { return base_.position; }

 private:
  static void apply(const StoreBatch& batch, State& state);

  State state_;  // with every transaction
  State base_;   // as of the last checkpoint
  std::vector<std::shared_ptr<const StoreBatch>> since_;
};

}  // namespace yallchat::simulation
