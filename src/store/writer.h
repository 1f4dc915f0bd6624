// The store's writer: the one thread whose connection writes and checkpoints.
//
// One batch at a time becomes one transaction, synced. Between batches it checkpoints, and deletes
// what lies below floors. Lack of space is waited out; any other failure of the device stops the
// process, for what a failed sync lost is not known. Owner: the store. The public functions are
// called by the owner's thread, but for written() and checkpointed(), which any thread may call;
// on_written comes on the writer's own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "store/history_writer.h"
#include "store/meta.h"
#include "store/sqlite.h"
#include "store/state_table.h"
#include "store/store.h"

namespace yallchat {

class StoreWriter {
 public:
  explicit StoreWriter(Store::Options options) : options_(std::move(options)) {}
  // Writes what was handed over, unless there is no space for it, and ends the thread.
  ~StoreWriter();

  // Opens or creates the file. Error: as Store::open.
  Result<void> open();
  // Reads and verifies everything but the history, and starts the thread. Once. Error: as
  // Store::load.
  Result<Store::Contents> load();

  void write(StoreBatch batch);
  bool idle() const { return idle_.load(std::memory_order_acquire); }
  Index written() const { return Index(written_.load(std::memory_order_acquire)); }
  Index checkpointed() const { return Index(checkpointed_.load(std::memory_order_acquire)); }
  void flush();

 private:
  using Time = std::chrono::steady_clock::time_point;

  Result<void> prepare();
  void run();
  bool work_is_due() const;

  // On the writer's thread, without the mutex.
  bool write_until_durable(const StoreBatch& batch);  // false: stopped while there was no space
  int try_write(const StoreBatch& batch);
  int write_rows(const StoreBatch& batch, Meta& meta);
  int finish(Meta& meta);
  void delete_some();
  void checkpoint(int mode);
  bool wait_for_space();  // false: stopping
  int roll_back(int rc);

  const Store::Options options_;

  // The writer's thread's, once it runs.
  SqliteConnection connection_;
  Statement begin_;
  Statement commit_;
  MetaWriter meta_writer_;
  StateWriter state_;
  HistoryWriter history_;
  Meta meta_;
  std::uint64_t wal_pages_ = 0;  // told by SQLite at each commit
  std::uint64_t page_bytes_ = 0;
  bool out_of_space_ = false;      // said once
  bool checkpoint_waits_ = false;  // for space; said once
  Time checkpoint_due_ = Time::max();
  Time delete_due_ = Time::max();

  std::atomic<bool> idle_{true};
  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> checkpointed_{0};

  std::mutex mutex_;
  std::condition_variable wake_;     // of the writer
  std::condition_variable flushed_;  // of the owner
  std::optional<StoreBatch> batch_;  // under the mutex, as what follows
  bool flush_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace yallchat
