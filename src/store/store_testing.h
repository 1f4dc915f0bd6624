// What the store's tests share: a directory that goes away, and a store that is written and read in
// step.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "store/sqlite.h"
#include "store/store.h"

namespace yallchat {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "yallchat-store-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::filesystem::path file() const { return path_ / "yallchat.db"; }

 private:
  std::filesystem::path path_;
};

inline MessagePtr message(std::uint64_t channel, std::uint64_t seqnr, std::string body) {
  auto made = std::make_shared<Message>();
  made->channel = ChannelId(channel);
  made->seqnr = Seqnr(seqnr);
  made->time_ms = 1'700'000'000'000 + static_cast<std::int64_t>(seqnr);
  made->source = "ada";
  made->body = std::move(body);
  made->origin = seqnr % 2 == 0 ? "irc.example" : "";
  return made;
}

inline std::string body_of(std::uint64_t channel, std::uint64_t seqnr) {
  return "<message " + std::to_string(seqnr) + " of channel " + std::to_string(channel) + ">";
}

inline StoreBatch batch_at(std::uint64_t position) {
  StoreBatch batch;
  batch.position = Index(position);
  batch.state_hash = position * 3;
  return batch;
}

// Messages first to last of a channel, in one transaction.
inline StoreBatch batch_of(std::uint64_t position, std::uint64_t channel, std::uint64_t first,
                           std::uint64_t last) {
  StoreBatch batch = batch_at(position);
  for (auto seqnr = first; seqnr <= last; ++seqnr) {
    batch.messages.push_back(message(channel, seqnr, body_of(channel, seqnr)));
  }
  return batch;
}

// A store that was opened and loaded without error, with calls that wait.
class OpenStore {
 public:
  explicit OpenStore(std::filesystem::path file, std::uint64_t checkpoint_wal_bytes = 64 << 20,
                     std::chrono::milliseconds checkpoint_interval = std::chrono::hours(1)) {
    Store::Options options;
    options.file = std::move(file);
    options.on_written = [this] { count_written(); };
    options.checkpoint_wal_bytes = checkpoint_wal_bytes;
    options.checkpoint_interval = checkpoint_interval;
    auto opened = Store::open(std::move(options));
    if (opened.has_error()) throw std::runtime_error(opened.error().message);
    store_ = std::move(*opened);
    auto loaded = store_->load();
    if (loaded.has_error()) throw std::runtime_error(loaded.error().message);
    contents = std::move(*loaded);
  }

  Store& operator*() { return *store_; }
  Store* operator->() { return store_.get(); }

  void begin_write(StoreBatch batch) {
    ++begun_;
    store_->write(std::move(batch));
  }
  void wait_written() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return written_ == begun_; });
  }
  void write(StoreBatch batch) {
    begin_write(std::move(batch));
    wait_written();
  }

  std::vector<HistoryItem> read(std::uint64_t channel, std::uint64_t from, std::size_t limit = 64) {
    std::promise<std::vector<HistoryItem>> answer;
    store_->read(ChannelId(channel), Seqnr(from), limit,
                 [&](std::vector<HistoryItem> items) { answer.set_value(std::move(items)); });
    return answer.get_future().get();
  }

  Store::Contents contents;

 private:
  void count_written() {
    const std::lock_guard lock(mutex_);
    ++written_;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int begun_ = 0;
  int written_ = 0;
  std::unique_ptr<Store> store_;  // ends first: it calls back
};

inline Result<std::unique_ptr<Store>> open_store(const std::filesystem::path& file) {
  Store::Options options;
  options.file = file;
  return Store::open(std::move(options));
}

// The seqnrs of items, and of those without a message; and whether each message is the one that was
// written.
inline std::vector<std::uint64_t> seqnrs(const std::vector<HistoryItem>& items) {
  std::vector<std::uint64_t> found;
  for (const HistoryItem& item : items) found.push_back(item.seqnr.value);
  return found;
}

inline std::vector<std::uint64_t> damaged_seqnrs(const std::vector<HistoryItem>& items) {
  std::vector<std::uint64_t> found;
  for (const HistoryItem& item : items) {
    if (!item.message) found.push_back(item.seqnr.value);
  }
  return found;
}

inline bool all_as_written(const std::vector<HistoryItem>& items, std::uint64_t channel) {
  for (const HistoryItem& item : items) {
    if (!item.message) continue;
    const std::uint64_t seqnr = item.seqnr.value;
    if (*item.message != *message(channel, seqnr, body_of(channel, seqnr))) return false;
  }
  return true;
}

inline std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> numbers;
  for (; first <= last; ++first) numbers.push_back(first);
  return numbers;
}

inline std::string read_bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// Flips one bit in the middle of the one place in the file where text stands.
inline void flip_bit_in(const std::filesystem::path& file, const std::string& text) {
  std::string bytes = read_bytes(file);
  const std::size_t at = bytes.find(text);
  ASSERT_NE(at, std::string::npos) << text;
  ASSERT_EQ(bytes.find(text, at + 1), std::string::npos) << text;
  bytes[at + text.size() / 2] ^= 0x10;
  write_bytes(file, bytes);
}

// Changes a store that is not open behind its back.
inline void run_sql(const std::filesystem::path& file, const char* sql) {
  SqliteConnection connection;
  ASSERT_EQ(connection.open(file, SQLITE_OPEN_READWRITE), SQLITE_OK);
  ASSERT_EQ(connection.exec(sql), SQLITE_OK) << connection.words();
}

}  // namespace yallchat
