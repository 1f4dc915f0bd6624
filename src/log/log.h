// The log: the one order of all writes, and the only place that makes them durable.
//
// An entry is a batch of commands, opaque here. Its Index is gapless from 1. An append ends in
// exactly one of three ways, and nobody above guesses which: it is delivered as an entry marked own
// (committed), or its fate is reported as refused (it will never appear) or unknown (it may).
//
// Owner: the server's wiring; used by the replica, on its thread only.
#pragma once

#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace yallchat {

class Log {
 public:
  // Told in log order. The views are valid during the call only.
  class Receiver {
   public:
    virtual ~Receiver() = default;
    // The entry at index is durable. own: it is this process's append in flight.
    virtual void on_entry(Index index, std::string_view entry, bool own) = 0;
    // The append in flight is not in the log and never will be. reason.code is full when space may
    // come back.
    virtual void on_refused(const Error& reason) = 0;
    // The append in flight may or may not appear later.
    virtual void on_unknown(const Error& reason) = 0;
  };

  virtual ~Log() = default;

  // Whether append may be called: nothing is in flight.
  virtual bool can_append() const = 0;

  // Starts to append an entry (1 .. limits::entry_bytes bytes). What became of it comes by deliver.
  virtual void append(std::string_view entry) = 0;

  // Hands over all that is known by now, without blocking, in order from the index after the one
  // that the log was opened at.
  virtual void deliver(Receiver& receiver) = 0;

  // Blocks until it is known what became of the append in flight, so that deliver tells it.
  virtual void finish() = 0;

  // Entries up to and including checkpointed are in the store for good: they may be deleted.
  virtual void trim(Index checkpointed) = 0;

  // The last entry that is durable; 0 when the log is empty.
  virtual Index last() const = 0;
};

}  // namespace yallchat
