#include "machine/state_hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <cstring>
#include <string>

namespace yallchat {
namespace {

// Collects values in one unambiguous form: integers as 8 bytes little-endian, texts behind their
// length.
class Values {
 public:
  explicit Values(std::string& buffer) : buffer_(buffer) { buffer_.clear(); }

  void add(std::uint64_t value) {
    static_assert(std::endian::native == std::endian::little);
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    buffer_.append(bytes, sizeof bytes);
  }
  template <class Tag>
  void add(Id<Tag> id) {
    add(id.value);
  }
  void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    buffer_.append(text);
  }
  template <std::size_t N>
  void add(const std::array<std::uint8_t, N>& bytes) {
    add(std::string_view(reinterpret_cast<const char*>(bytes.data()), N));
  }
  template <class T>
  void add(const std::optional<T>& value) {
    add(std::uint64_t{value.has_value()});
    if (value) add(*value);
  }

  void add(const Join& c) {
    add(c.channel.text);
    add(c.channel.key);
    add(c.user.text);
    add(c.user.key);
    add(c.user.skeletons.size());
    for (const std::string& skeleton : c.user.skeletons) add(skeleton);
    add(c.key);
    add(c.token);
    add(c.position);
    add(c.used_position);
  }
  void add(const Leave& c) { add(c.session); }
  void add(const Post& c) {
    add(c.session);
    add(c.body);
    add(static_cast<std::uint64_t>(c.time_ms));
    add(std::uint64_t{c.keyed.has_value()});
    if (c.keyed) {
      add(c.keyed->token);
      add(c.keyed->digest);
    }
    add(c.origin);
  }
  void add(const Touch& c) {
    add(c.session);
    add(c.active);
    add(c.cursor);
    add(c.seen_directory);
    add(c.used_positions.size());
    for (const Seqnr position : c.used_positions) add(position);
  }
  void add(const Advance& c) { add(c.from); }
  void add(const Settings& c) {
    add(c.session_timeout_ticks);
    add(c.max_channels);
    add(c.max_sessions);
    add(c.history);
    add(c.history_age_ms);
    add(c.history_bytes);
  }
  void add(const Recover&) {}
  void add(const Trim& c) {
    add(c.channel);
    add(c.first);
  }
  void add(const Kick& c) {
    add(c.channel);
    add(c.user);
  }

  void add(const outcome::Refused& o) { add(static_cast<std::uint64_t>(o.why)); }
  void add(const outcome::Joined& o) { add(o.session); }
  void add(const outcome::Posted& o) {
    add(o.seqnr);
    add(std::uint64_t{o.repeated});
  }
  void add(const outcome::Done&) {}

 private:
  std::string& buffer_;
};

}  // namespace

std::uint64_t next_state_hash(std::uint64_t previous, Index index, const Command& command,
                              const Outcome& outcome) {
  thread_local std::string buffer;  // one allocation, not one a command
  Values values(buffer);
  values.add(index);
  values.add(static_cast<std::uint64_t>(command.index()));
  std::visit([&](const auto& c) { values.add(c); }, command);
  values.add(static_cast<std::uint64_t>(outcome.index()));
  std::visit([&](const auto& o) { values.add(o); }, outcome);
  return XXH3_64bits_withSeed(buffer.data(), buffer.size(), previous);
}

}  // namespace yallchat
