// Which messages each reader has got: each shall come to each reader of its channel once, and those
// of one poster in their order. Message k is poster k mod P's, and in channel k mod C, as reader i
// is in i mod C; P is a multiple of C.
//
// Owner: the fan-out. No I/O, no clock. A message belongs to `owed` until it came, was found
// missing, or its reader was lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace yallchat::bench {

class Ledger {
 public:
  struct Shape {
    std::size_t readers;
    std::size_t posters;
    std::size_t channels;
  };
  explicit Ledger(Shape shape);

  // One more message; its number.
  std::uint32_t post();
  std::uint32_t posted() const { return posted_; }

  // False: that it is the reader's is wrong, for it comes twice or late, or was never said there.
  // on_missing(number) for each that should have come before.
  template <typename OnMissing>
  bool hear(std::size_t reader, std::uint32_t number, OnMissing on_missing) {
    std::uint32_t& next = next_[reader * shape_.posters + number % shape_.posters];
    if (number < next || number >= posted_ || number % shape_.channels != reader % shape_.channels)
      return false;
    skip(next, number, on_missing);
    next += step();
    --owed_;
    return true;
  }

  // It is gone: nothing is owed to it any more. What it has not heard is missing all the same.
  void lose(std::size_t reader);

  // on_missing(number) for all that did not come.
  template <typename OnMissing>
  void end(OnMissing on_missing) {
    for (std::size_t i = 0; i < next_.size(); ++i)
      if (speaks_to(i % shape_.posters, i / shape_.posters)) skip(next_[i], posted_, on_missing);
  }

  // Deliveries that are still to come.
  std::int64_t owed() const { return owed_; }
  // With one poster: the reader has everything.
  bool complete(std::size_t reader) const { return next_[reader] >= posted_; }

 private:
  std::uint32_t step() const { return static_cast<std::uint32_t>(shape_.posters); }
  bool speaks_to(std::size_t poster, std::size_t reader) const {
    return poster % shape_.channels == reader % shape_.channels;
  }

  template <typename OnMissing>
  void skip(std::uint32_t& next, std::uint32_t to, OnMissing on_missing) {
    for (; next < to; next += step()) {
      --owed_;
      on_missing(next);
    }
  }

  const Shape shape_;
  std::vector<std::uint32_t> next_;      // of each reader and poster: the number that comes next
  std::vector<std::int64_t> listening_;  // readers of each channel who are there
  std::uint32_t posted_ = 0;
  std::int64_t owed_ = 0;
};

}  // namespace yallchat::bench
