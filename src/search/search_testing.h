// What search's tests share: a store and a search beside it, with calls that wait.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "search/search.h"
#include "store/store_testing.h"

namespace yallchat {

class SearchedStore {
 public:
  SearchedStore() : store_(std::make_unique<OpenStore>(directory_.file())) {}

  std::filesystem::path index_file() const { return directory_.file().parent_path() / "search.db"; }

  // Ended by stop(), or by another start().
  void start(std::chrono::milliseconds budget = std::chrono::hours(1),
             std::uint64_t generation_bytes = limits::search_generation_bytes) {
    stop();
    search_ = Search::start(
        {directory_.file(), index_file(), budget, std::chrono::milliseconds(1), generation_bytes});
  }
  void stop() { search_.reset(); }

  // One transaction of the store, with the next messages of channels.
  void post(const std::vector<std::pair<std::uint64_t, std::string>>& messages) {
    StoreBatch batch = batch_at(++position_);
    for (const auto& [channel, body] : messages) {
      batch.messages.push_back(message(channel, ++last_[channel], body));
    }
    store_->write(std::move(batch));
    if (search_) search_->written();
  }
  void post(std::uint64_t channel, const std::vector<std::string>& bodies) {
    std::vector<std::pair<std::uint64_t, std::string>> messages;
    for (const std::string& body : bodies) messages.emplace_back(channel, body);
    post(messages);
  }
  void raise_floor(std::uint64_t channel, std::uint64_t first) {
    StoreBatch batch = batch_at(++position_);
    batch.floors = {{ChannelId(channel), Seqnr(first)}};
    store_->write(std::move(batch));
    if (search_) search_->written();
  }

  Result<SearchFound> ask(SearchQuery query) {
    std::promise<Result<SearchFound>> answer;
    const auto asked = search_->find(
        std::move(query), [&](Result<SearchFound> found) { answer.set_value(std::move(found)); });
    if (asked.has_error()) return asked.error();
    return answer.get_future().get();
  }

  // Once all of the channel's messages are indexed.
  SearchFound find(std::uint64_t channel, const std::string& words, std::uint64_t upto = 0,
                   std::size_t limit = limits::search_results, std::uint64_t floor = 1) {
    wait_until_indexed(channel);
    auto found = ask({ChannelId(channel), words, Seqnr(upto), Seqnr(floor), limit});
    if (found.has_error()) throw std::runtime_error(found.error().message);
    return std::move(*found);
  }

  void wait_until_indexed(std::uint64_t channel) {
    const bool indexed = eventually([&] {
      const auto found = ask({ChannelId(channel), "anything", Seqnr(0), Seqnr(1), 1});
      return found.has_value() && found->indexed_to == Seqnr(last_[channel]);
    });
    EXPECT_TRUE(indexed) << "channel " << channel;
  }

  // Waits for the condition, for at most as long as a test may hang.
  template <class Condition>
  static bool eventually(const Condition& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  std::vector<std::uint64_t> numbers(std::uint64_t channel, const std::string& words,
                                     std::uint64_t upto = 0) {
    return numbers(find(channel, words, upto));
  }
  static std::vector<std::uint64_t> numbers(const SearchFound& found) {
    std::vector<std::uint64_t> seqnrs;
    for (const auto& item : found.items) seqnrs.push_back(item.message->seqnr.value);
    return seqnrs;
  }

  TemporaryDirectory directory_;
  std::unique_ptr<OpenStore> store_;
  std::uint64_t position_ = 0;
  std::map<std::uint64_t, std::uint64_t> last_;  // message of each channel
  std::unique_ptr<Search> search_;
};

}  // namespace yallchat
