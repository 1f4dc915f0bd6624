// What the tests of the log share: entries that can be told apart, a receiver that remembers,
// warnings.
#pragma once

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "base/random.h"
#include "log/local_log.h"

namespace yallchat {

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

struct Remembered : Log::Receiver {
  std::vector<std::string> entries;
  std::vector<Index> numbers;
  std::vector<bool> own;
  std::vector<Error> refused;

  void on_entry(Index index, std::string_view entry, bool is_own) override {
    numbers.push_back(index);
    entries.emplace_back(entry);
    own.push_back(is_own);
  }
  void on_refused(const Error& reason) override { refused.push_back(reason); }
  void on_unknown(const Error&) override { std::abort(); }
};

// Of odd lengths, so that padding is met.
inline std::string entry_text(std::uint64_t number, std::size_t bytes = 40) {
  std::string text = "entry " + std::to_string(number) + " ";
  while (text.size() < bytes + number % 9)
    text += static_cast<char>('a' + (number + text.size()) % 26);
  return text;
}

inline std::vector<std::string> entry_texts(std::uint64_t from, std::uint64_t to,
                                            std::size_t bytes = 40) {
  std::vector<std::string> texts;
  for (auto number = from; number <= to; ++number) texts.push_back(entry_text(number, bytes));
  return texts;
}

inline void run_inline(std::function<void()> work) {
  work();
}

inline LocalLog::Options small_log(Disk& disk, Random& random, std::size_t segment_bytes = 4400,
                                   Index opened_after = Index(0)) {
  return {.directory = "log",
          .disk = disk,
          .random = random,
          .opened_after = opened_after,
          .segment_bytes = segment_bytes,
          .background = run_inline};
}

// The next entries, each as entry_text says, delivered to the receiver.
inline void append_some(Log& log, std::uint64_t count, Log::Receiver& receiver,
                        std::size_t bytes = 40) {
  for (std::uint64_t i = 0; i < count; ++i) {
    log.append(entry_text(log.last().value + 1, bytes));
    log.deliver(receiver);
  }
}

// What is logged while it lives.
class Warnings {
 public:
  Warnings() : before_(spdlog::default_logger()) {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink));
  }
  ~Warnings() { spdlog::set_default_logger(before_); }
  std::string text() const { return text_.str(); }

 private:
  std::shared_ptr<spdlog::logger> before_;
  std::ostringstream text_;
};

}  // namespace yallchat
