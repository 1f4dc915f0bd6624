// A store that is as slow, as late and as full as a seed wants it, over a medium that survives it.
//
// Keeps the contract of store.h: one batch at a time, written some time later as a whole; reads
// answered later, from the state of any moment between question and answer, with any number of
// messages but one at least; checkpointed() behind written(). One process's; the loop's thread.
#pragma once

#include <memory>

#include "simulation/canary.h"
#include "simulation/loop.h"
#include "simulation/store_medium.h"
#include "simulation/trace.h"

namespace yallchat::simulation {

class SimulatedStore final : public Store {
 public:
  struct Options {
    StoreMedium& medium;
    Loop& loop;
    Chance& chance;
    Trace& trace;
    std::uint64_t slowest_write_ms;
    std::uint64_t slowest_read_ms;
    const bool& no_space;  // while it is, no batch is written and nothing is checkpointed
    Canary canary = Canary::none;
  };

  explicit SimulatedStore(Options options) : o_(options) {}

  // The process dies: what is being written is written or not.
  void crash();

  Result<Contents> load() override;
  void write(StoreBatch batch) override;
  bool idle() const override { return !writing_; }
  Index written() const override { return o_.medium.state().position; }
  Index checkpointed() const override { return checkpointed_; }
  void flush() override;
  void read(ChannelId channel, Seqnr from, std::size_t limit, ReadDone done) override;
  void find_floor(FloorQuery query, FloorDone done) override;

 private:
  void finish_later(std::uint64_t slowest_ms);
  void commit();
  void checkpoint();
  void checkpoint_later();
  FloorFound floor(const FloorQuery& query) const;
  std::vector<HistoryItem> items(ChannelId channel, Seqnr from, std::size_t limit) const;
  void spoil(StoreBatch& batch);

  Options o_;
  std::shared_ptr<StoreBatch> writing_;
  std::uint64_t ticket_ = 0;  // of the batch being written: a flush may come before its event
  Index checkpointed_;
};

}  // namespace yallchat::simulation
