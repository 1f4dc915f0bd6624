#include "ledger.h"

namespace yallchat::bench {

Ledger::Ledger(Shape shape)
    : shape_(shape), next_(shape.readers * shape.posters), listening_(shape.channels) {
  for (std::size_t i = 0; i < next_.size(); ++i)
    next_[i] = static_cast<std::uint32_t>(i % shape.posters);
  for (std::size_t i = 0; i < shape.readers; ++i) ++listening_[i % shape.channels];
}

std::uint32_t Ledger::post() {
  owed_ += listening_[posted_ % shape_.channels];
  return posted_++;
}

void Ledger::lose(std::size_t reader) {
  --listening_[reader % shape_.channels];
  for (std::size_t poster = 0; poster < shape_.posters; ++poster)
    for (std::uint32_t i = next_[reader * shape_.posters + poster];
         i < posted_ && speaks_to(poster, reader); i += step())
      --owed_;
}

}  // namespace yallchat::bench
