#include "store/writer.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "store/schema.h"

namespace yallchat {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

// How often lack of space, and a checkpoint that a reader was in the way of, are tried again.
constexpr auto retry_interval = 1s;

int remember_wal_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<std::uint64_t*>(pages) = static_cast<std::uint64_t>(count);
  return SQLITE_OK;
}

}  // namespace

StoreWriter::~StoreWriter() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<void> StoreWriter::open() {
  if (connection_.open(options_.file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) != SQLITE_OK) {
    return connection_.error_of("opening");
  }
  if (const auto ready = prepare_writer(connection_); ready.has_error()) return ready;
  return prepare();
}

Result<void> StoreWriter::prepare() {
  sqlite3_wal_hook(connection_.handle(), remember_wal_pages, &wal_pages_);
  Statement page_size;
  if (begin_.prepare(connection_, "BEGIN IMMEDIATE") != SQLITE_OK ||
      commit_.prepare(connection_, "COMMIT") != SQLITE_OK ||
      meta_writer_.prepare(connection_) != SQLITE_OK || state_.prepare(connection_) != SQLITE_OK ||
      history_.prepare(connection_) != SQLITE_OK ||
      page_size.prepare(connection_, "PRAGMA page_size") != SQLITE_OK ||
      page_size.step() != SQLITE_ROW) {
    return connection_.error_of("preparing statements");
  }
  page_bytes_ = page_size.integer(0);
  return {};
}

Result<Store::Contents> StoreWriter::load() {
  CHECK(!thread_.joinable(), "a store is loaded once");
  const auto meta = read_meta(connection_);
  if (meta.has_error()) return meta.error();
  if (const auto history = history_.load(connection_, *meta); history.has_error())
    return history.error();
  auto rows = read_state(connection_, *meta);
  if (rows.has_error()) return rows.error();
  meta_ = *meta;
  written_ = meta_.position.value;
  // What is in the write-ahead log now may not be in the file: the first thing to do.
  checkpoint_due_ = Steady::now();
  if (history_.has_more_to_delete()) delete_due_ = Steady::now();
  Store::Contents contents{meta_.position, meta_.state_hash, std::move(*rows)};
  thread_ = std::thread([this] { run(); });  // to which all of this belongs from now on
  return contents;
}

void StoreWriter::write(StoreBatch batch) {
  CHECK(thread_.joinable() && idle(), "one batch at a time, of a store that was loaded");
  idle_.store(false, std::memory_order_release);
  {
    const std::lock_guard lock(mutex_);
    batch_ = std::move(batch);
  }
  wake_.notify_all();
}

void StoreWriter::flush() {
  if (!thread_.joinable()) return;
  std::unique_lock lock(mutex_);
  flush_ = true;
  wake_.notify_all();
  flushed_.wait(lock, [this] { return !flush_; });
}

bool StoreWriter::work_is_due() const {
  return batch_ || flush_ || stop_;
}

void StoreWriter::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    const Time due = std::min(checkpoint_due_, delete_due_);
    if (due == Time::max()) {
      wake_.wait(lock, [this] { return work_is_due(); });
    } else {
      wake_.wait_until(lock, due, [this] { return work_is_due(); });
    }
    if (batch_) {
      const StoreBatch batch = std::move(*batch_);
      batch_.reset();
      lock.unlock();
      if (!write_until_durable(batch)) return;
      lock.lock();
    } else if (flush_) {
      lock.unlock();
      checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
      lock.lock();
      flush_ = false;
      flushed_.notify_all();
    } else if (stop_) {
      return;
    } else {
      lock.unlock();
      if (Steady::now() >= checkpoint_due_) checkpoint(SQLITE_CHECKPOINT_PASSIVE);
      if (Steady::now() >= delete_due_) delete_some();
      lock.lock();
    }
  }
}

bool StoreWriter::write_until_durable(const StoreBatch& batch) {
  while (try_write(batch) != SQLITE_OK) {
    if (!wait_for_space()) return false;
  }
  if (out_of_space_) spdlog::info("store: there is space again, writing goes on");
  out_of_space_ = false;
  written_.store(batch.position.value, std::memory_order_release);
  idle_.store(true, std::memory_order_release);
  if (options_.on_written) options_.on_written();
  const Time now = Steady::now();
  if (history_.has_more_to_delete()) delete_due_ = now;
  checkpoint_due_ = std::min(checkpoint_due_, now + options_.checkpoint_interval);
  if (wal_pages_ * page_bytes_ >= options_.checkpoint_wal_bytes || now >= checkpoint_due_) {
    checkpoint(SQLITE_CHECKPOINT_PASSIVE);
  }
  return true;
}

// SQLITE_OK, or that there is no space: everything else stops the process.
int StoreWriter::try_write(const StoreBatch& batch) {
  Meta meta = meta_;
  meta.position = batch.position;
  meta.state_hash = batch.state_hash;
  const int rc = write_rows(batch, meta);
  return rc == SQLITE_OK ? rc : roll_back(rc);
}

int StoreWriter::write_rows(const StoreBatch& batch, Meta& meta) {
  int rc = begin_.run();
  if (rc == SQLITE_OK) rc = history_.insert(batch.messages, meta);
  for (std::size_t i = 0; i < batch.rows.size() && rc == SQLITE_OK; ++i) {
    rc = state_.write(batch.rows[i], meta);
  }
  for (const StoreBatch::Floor& floor : batch.floors) history_.set_floor(floor);
  // More than was inserted, so that deleting keeps up with writing whatever the rate.
  const std::size_t inserted = meta.next_chunk - meta_.next_chunk;
  if (rc == SQLITE_OK)
    rc = history_.delete_below_floors(limits::chunks_deleted_a_step + 2 * inserted);
  return rc == SQLITE_OK ? finish(meta) : rc;
}

int StoreWriter::finish(Meta& meta) {
  int rc = history_.finish(meta);
  if (rc == SQLITE_OK) rc = meta_writer_.write(meta);
  if (rc == SQLITE_OK) rc = commit_.run();
  if (rc == SQLITE_OK) {
    meta_ = meta;
    history_.committed();
  }
  return rc;
}

void StoreWriter::delete_some() {
  int rc = begin_.run();
  if (rc == SQLITE_OK) rc = history_.delete_below_floors(limits::chunks_deleted_a_step);
  Meta meta = meta_;
  if (rc == SQLITE_OK) rc = finish(meta);
  if (rc != SQLITE_OK) roll_back(rc);
  const Time now = Steady::now();
  delete_due_ = rc != SQLITE_OK                 ? now + retry_interval
                : history_.has_more_to_delete() ? now
                                                : Time::max();
  checkpoint_due_ = std::min(checkpoint_due_, now + options_.checkpoint_interval);
}

int StoreWriter::roll_back(int rc) {
  CHECK(connection_.out_of_space(), "the store cannot be written: " + connection_.words());
  if (!out_of_space_) spdlog::error("store: no space left, writing waits: {}", connection_.words());
  out_of_space_ = true;
  history_.rolled_back();
  if (sqlite3_get_autocommit(connection_.handle()) == 0) connection_.exec("ROLLBACK");
  return rc;
}

// Only a checkpoint that moved every frame counts: what it leaves behind is in the write-ahead log
// alone.
void StoreWriter::checkpoint(int mode) {
  int frames = -1;
  int moved = -1;
  const int rc = sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, mode, &frames, &moved);
  const bool in_the_way = (rc & 0xFF) == SQLITE_BUSY;
  const bool no_space = rc != SQLITE_OK && !in_the_way && connection_.out_of_space();
  CHECK(rc == SQLITE_OK || in_the_way || no_space,
        "the store cannot be checkpointed: " + connection_.words());
  if (no_space && !checkpoint_waits_) {
    spdlog::error("store: no space left for a checkpoint, the log grows: {}", connection_.words());
  }
  if (checkpoint_waits_ && !no_space) spdlog::info("store: there is space again for checkpoints");
  checkpoint_waits_ = no_space;
  if (no_space || frames < 0 || frames != moved) {
    checkpoint_due_ = Steady::now() + retry_interval;
    return;
  }
  checkpoint_due_ = Time::max();
  wal_pages_ = 0;
  checkpointed_.store(meta_.position.value, std::memory_order_release);
}

bool StoreWriter::wait_for_space() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, retry_interval, [this] { return flush_ || stop_; });
  flush_ = false;  // what cannot be flushed now is in the log
  flushed_.notify_all();
  return !stop_;
}

}  // namespace yallchat
