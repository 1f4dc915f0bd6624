// Search's two threads: one follows the store (index_writer.h), one answers queries (finder.h).
#include "search/search.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "base/check.h"
#include "search/finder.h"
#include "search/index_writer.h"

namespace yallchat {
namespace {

using namespace std::chrono_literals;

// How often what failed is tried again.
constexpr auto retry_interval = 1s;
// How much nicer the threads are than those that make posts, to which they leave the processor when
// it does not suffice for all: the indexing one, as nice as can be, all but 2 percent, where the
// server is not nice itself.
constexpr int indexing_nice = 19;
constexpr int finding_nice = 5;

// Of this thread: Linux has a priority for each.
void be_nice(int by) {
  setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + by);
}

class IndexingThread {
 public:
  explicit IndexingThread(const Search::Options& options) : options_(options) {}

  ~IndexingThread() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void start() {
    open();
    thread_ = std::thread([this] { run(); });
  }

  void written() {
    {
      const std::lock_guard lock(mutex_);
      written_ = true;
    }
    wake_.notify_all();
  }

  // Another thread has seen that this file is damaged.
  void make_anew(std::uint64_t file) {
    {
      const std::lock_guard lock(mutex_);
      damaged_file_ = file;
    }
    wake_.notify_all();
  }

  // From 1 on, and another number for every new file; while the lock is held, the file is not
  // exchanged.
  std::uint64_t file() const { return file_number_.load(std::memory_order_acquire); }
  std::mutex& file_mutex() { return file_mutex_; }

 private:
  void run() {
    be_nice(indexing_nice);
    while (!stop_) {
      if (!writer_) open();
      if (!writer_) {
        wait(retry_interval);
      } else if (is_damaged()) {
        failed(Error{Errc::damaged, "a query has found it damaged"});
      } else if (const auto more = writer_->follow(); more.has_error()) {
        failed(more.error());
      } else if (failing_ = false; !*more) {
        wait_for_more();
      }
    }
  }

  bool is_damaged() {
    const std::lock_guard lock(mutex_);
    return damaged_file_ == file();
  }

  // Sleeps at least the interval: many small transactions cost more than few large ones.
  void wait_for_more() {
    wait(options_.interval);
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stop_ || written_ || damaged_file_ == file(); });
    written_ = false;
  }

  void wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, time, [this] { return stop_.load(); });
  }

  void failed(const Error& error) {
    if (stop_) return;
    if (error.code == Errc::damaged) {
      exchange(error);
    } else {
      tell(error);
    }
    wait(retry_interval);
  }

  void open() {
    auto writer = std::make_unique<IndexWriter>(stop_, options_.generation_bytes);
    const auto opened = writer->open(options_.file, options_.store);
    if (opened.has_value()) {
      writer_ = std::move(writer);
      file_number_.fetch_add(1, std::memory_order_release);
    } else if (opened.error().code == Errc::damaged || opened.error().code == Errc::unsupported) {
      writer.reset();
      exchange(opened.error());
    } else {
      tell(opened.error());
    }
  }

  // The index for an empty one.
  void exchange(const Error& why) {
    spdlog::warn("search: {}: {}; the index is made anew from the store", options_.file.string(),
                 why.message);
    const std::lock_guard lock(file_mutex_);
    writer_.reset();
    remove_index(options_.file);
    auto writer = std::make_unique<IndexWriter>(stop_, options_.generation_bytes);
    if (const auto opened = writer->open(options_.file, options_.store); opened.has_error())
      return tell(opened.error());
    writer_ = std::move(writer);
    file_number_.fetch_add(1, std::memory_order_release);
  }

  void tell(const Error& error) {
    if (!std::exchange(failing_, true)) {
      spdlog::error("search: {}: {}; new messages are not found until this is over",
                    options_.file.string(), error.message);
    }
  }

  const Search::Options& options_;
  std::unique_ptr<IndexWriter> writer_;  // the thread's, once it runs; null: it could not be opened
  bool failing_ = false;
  std::mutex file_mutex_;
  std::atomic<std::uint64_t> file_number_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool written_ = false;
  std::uint64_t damaged_file_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

class FindingThread {
 public:
  FindingThread(const Search::Options& options, IndexingThread& indexing)
      : options_(options), indexing_(indexing) {}

  ~FindingThread() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void start() {
    thread_ = std::thread([this] { run(); });
  }

  Result<void> find(SearchQuery query, Search::FindDone done) {
    auto terms = Terms::parse(query.words);
    if (terms.has_error()) return terms.error();
    {
      const std::lock_guard lock(mutex_);
      if (queue_.size() >= limits::searches_waiting) {
        return Error{Errc::full, "too many searches are waiting"};
      }
      queue_.push_back({std::move(query), std::move(*terms), std::move(done)});
    }
    wake_.notify_all();
    return {};
  }

 private:
  struct Request {
    SearchQuery query;
    Terms terms;
    Search::FindDone done;
  };

  // Ends when there is nothing left to answer.
  void run() {
    be_nice(finding_nice);
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stop_ || !queue_.empty(); });
      if (queue_.empty()) return;
      const Request request = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      request.done(answer(request));
      lock.lock();
    }
  }

  // An index that turns out to be damaged knows of nothing.
  Result<SearchFound> answer(const Request& request) {
    auto found = open();
    if (found.has_value()) found = finder_->find(request.query, request.terms);
    if (found.has_value()) return found;
    if (found.error().code != Errc::damaged) return Error{Errc::io, found.error().message};
    indexing_.make_anew(number_);
    finder_.reset();
    return SearchFound{};
  }

  Result<SearchFound> open() {
    const std::lock_guard lock(indexing_.file_mutex());
    const std::uint64_t number = indexing_.file();
    if (finder_ && number_ == number) return SearchFound{};
    finder_.emplace(options_.budget);
    number_ = number;
    if (const auto opened = finder_->open(options_.file, options_.store); opened.has_error()) {
      finder_.reset();
      return opened.error();
    }
    return SearchFound{};
  }

  const Search::Options& options_;
  IndexingThread& indexing_;
  std::optional<Finder> finder_;  // the thread's
  std::uint64_t number_ = 0;      // of the file that the finder has open
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Request> queue_;
  bool stop_ = false;
  std::thread thread_;
};

class SqliteSearch final : public Search {
 public:
  explicit SqliteSearch(Options options) : options_(std::move(options)) {
    CHECK(options_.file != options_.store, "the index and the store are two files");
    indexing_.start();
    finding_.start();
  }

  void written() override { indexing_.written(); }
  Result<void> find(SearchQuery query, FindDone done) override {
    return finding_.find(std::move(query), std::move(done));
  }

 private:
  const Options options_;
  IndexingThread indexing_{options_};
  FindingThread finding_{options_, indexing_};  // ends first: it reads what the other writes
};

}  // namespace

std::unique_ptr<Search> Search::start(Options options) {
  return std::make_unique<SqliteSearch>(std::move(options));
}

}  // namespace yallchat
