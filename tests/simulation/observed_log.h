// The real log, with the checker listening on its way in and out.
#pragma once

#include <memory>

#include "log/local_log.h"
#include "protocol/command_codec.h"
#include "simulation/canary.h"
#include "simulation/checker.h"

namespace yallchat::simulation {

class ObservedLog final : public Log, private Log::Receiver {
 public:
  ObservedLog(std::unique_ptr<LocalLog> log, Checker& checker, Canary canary)
      : log_(std::move(log)), checker_(checker), canary_(canary) {}

  // Whose state is compared after each entry.
  void watch(const Machine& machine) { machine_ = &machine; }

  bool can_append() const override { return log_->can_append(); }
  void append(std::string_view entry) override {
    checker_.appending(entry);
    log_->append(entry);
  }
  void deliver(Log::Receiver& receiver) override {
    receiver_ = &receiver;
    log_->deliver(*this);
  }
  void finish() override { log_->finish(); }
  void trim(Index checkpointed) override { log_->trim(checkpointed); }
  Index last() const override { return log_->last(); }

 private:
  void on_entry(Index index, std::string_view entry, bool own) override {
    checker_.entry_comes(index, entry);
    if (canary_ == Canary::dropped_command && !own)
      receiver_->on_entry(index, without_last_command(entry), own);
    else
      receiver_->on_entry(index, entry, own);
    checker_.entry_applied(index, *machine_);
  }
  void on_refused(const Error& reason) override {
    checker_.append_refused();
    receiver_->on_refused(reason);
  }
  void on_unknown(const Error&) override {
    violated("the local log says that it does not know what became of an entry");
  }

  static std::string without_last_command(std::string_view entry) {
    auto commands = decode_entry(entry).value();
    if (commands.size() > 1) commands.pop_back();
    return encode_entry(commands);
  }

  const std::unique_ptr<LocalLog> log_;
  Checker& checker_;
  const Canary canary_;
  const Machine* machine_ = nullptr;
  Log::Receiver* receiver_ = nullptr;
};

}  // namespace yallchat::simulation
