// The store's two threads put together. The writer (writer.h) does all the writing; here is the
// reader's thread, a queue before HistoryReader.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "store/history_reader.h"
#include "store/store.h"
#include "store/writer.h"

namespace yallchat {
namespace {

class ReaderThread {
 public:
  ~ReaderThread() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  Result<void> start(const std::filesystem::path& file) {
    if (const auto opened = reader_.open(file); opened.has_error()) return opened;
    thread_ = std::thread([this] { run(); });
    return {};
  }

  void read(ChannelId channel, Seqnr from, std::size_t limit, Store::ReadDone done) {
    ask([=, this, done = std::move(done)] { done(reader_.page(channel, from, limit)); });
  }
  void find_floor(FloorQuery query, Store::FloorDone done) {
    ask([=, this, done = std::move(done)] { done(reader_.find_floor(query)); });
  }

 private:
  using Request = std::function<void()>;

  void ask(Request request) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(request));
    }
    wake_.notify_all();
  }

  // Ends when there is nothing left to answer.
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stop_ || !queue_.empty(); });
      if (queue_.empty()) return;
      const Request request = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      request();
      lock.lock();
    }
  }

  HistoryReader reader_;  // the thread's
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Request> queue_;
  bool stop_ = false;
  std::thread thread_;
};

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(Options options) : file_(options.file), writer_(std::move(options)) {}

  Result<void> open() {
    if (const auto opened = writer_.open(); opened.has_error()) return opened;
    return reader_.start(file_);
  }

  Result<Contents> load() override {
    auto contents = writer_.load();
    if (contents.has_error()) return about_file(contents.error());
    return contents;
  }
  void write(StoreBatch batch) override { writer_.write(std::move(batch)); }
  bool idle() const override { return writer_.idle(); }
  Index written() const override { return writer_.written(); }
  Index checkpointed() const override { return writer_.checkpointed(); }
  void flush() override { writer_.flush(); }
  void read(ChannelId channel, Seqnr from, std::size_t limit, ReadDone done) override {
    reader_.read(channel, from, limit, std::move(done));
  }
  void find_floor(FloorQuery query, FloorDone done) override {
    reader_.find_floor(query, std::move(done));
  }

  Error about_file(const Error& error) const {
    return Error{error.code, file_.string() + ": " + error.message};
  }

 private:
  const std::filesystem::path file_;
  StoreWriter writer_;
  ReaderThread reader_;  // ends first: the writer's connection is the last to close
};

}  // namespace

Result<std::unique_ptr<Store>> Store::open(Options options) {
  auto store = std::make_unique<SqliteStore>(std::move(options));
  if (const auto opened = store->open(); opened.has_error())
    return store->about_file(opened.error());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace yallchat
