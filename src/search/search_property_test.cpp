// What is found is what a plain comparison finds: over texts and words from few characters, in
// which case, lengths in bytes, and terms too short for the index meet.
#include <algorithm>
#include <set>

#include "base/property_testing.h"
#include "search/finder.h"
#include "search/index_writer.h"
#include "store/store_testing.h"

namespace yallchat {
namespace {

// Characters by number; those that are equal but for case have the same class.
struct Character {
  const char* bytes;
  int folded;
};
const std::vector<Character> alphabet = {{"a", 0},  {"A", 0}, {"b", 1}, {" ", 2},
                                         {"*", 3},  {"é", 4}, {"É", 4}, {"中", 5},
                                         {"京", 6}, {"😀", 7}, {"ſ", 8}, {"s", 8}};
using Text = std::vector<int>;  // indexes into the alphabet

std::string utf8(const Text& text) {
  std::string out;
  for (const int character : text) out += alphabet[character].bytes;
  return out;
}
std::vector<int> plain(const Text& text) {
  std::vector<int> out;
  for (const int character : text) out.push_back(alphabet[character].folded);
  return out;
}

// The places that each of terms has in text; none if one of them has none.
std::set<std::size_t> covered(const Text& text, const std::vector<Text>& terms) {
  std::set<std::size_t> all;
  const auto body = plain(text);
  for (const Text& term : terms) {
    const auto look_for = plain(term);
    bool found = false;
    for (std::size_t at = 0; at + look_for.size() <= body.size(); ++at) {
      if (!std::equal(look_for.begin(), look_for.end(), body.begin() + at)) continue;
      found = true;
      for (std::size_t i = 0; i < look_for.size(); ++i) all.insert(at + i);
    }
    if (!found) return {};
  }
  return all;
}

std::set<std::size_t> covered(const std::vector<Hit>& hits) {
  std::set<std::size_t> all;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    RC_ASSERT(hits[i].from < hits[i].to);
    if (i > 0) RC_ASSERT(hits[i - 1].to <= hits[i].from);
    for (std::size_t at = hits[i].from; at < hits[i].to; ++at) all.insert(at);
  }
  return all;
}

rc::Gen<Text> text(std::size_t shortest, std::size_t longest) {
  return rc::gen::mapcat(rc::gen::inRange(shortest, longest + 1), [](std::size_t length) {
    return rc::gen::container<Text>(length, rc::gen::inRange(0, static_cast<int>(alphabet.size())));
  });
}

bool means_something(const Text& term) {
  return std::any_of(term.begin(), term.end(), [](int character) { return character != 3; });
}

// One store and index for all cases, each with a channel of its own; without search's threads.
class Searched {
 public:
  Searched() {
    const auto index = directory_.file().parent_path() / "search.db";
    EXPECT_TRUE(writer_.open(index, directory_.file()).has_value());
    EXPECT_TRUE(finder_.open(index, directory_.file()).has_value());
  }

  std::uint64_t post(const std::vector<std::string>& bodies) {
    StoreBatch batch = batch_at(++channel_);
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      batch.messages.push_back(message(channel_, i + 1, bodies[i]));
    }
    store_.write(std::move(batch));
    RC_ASSERT(writer_.follow().has_value());
    return channel_;
  }

  SearchFound find(std::uint64_t channel, const std::string& words) {
    const auto terms = Terms::parse(words);
    RC_ASSERT(terms.has_value());
    auto found = finder_.find({ChannelId(channel), words, Seqnr(0), Seqnr(1), 100}, *terms);
    RC_ASSERT(found.has_value());
    return std::move(*found);
  }

 private:
  TemporaryDirectory directory_;
  OpenStore store_{directory_.file()};
  std::atomic<bool> stop_ = false;
  IndexWriter writer_{stop_, limits::search_generation_bytes};
  Finder finder_{std::chrono::hours(1)};
  std::uint64_t channel_ = 0;
};

RC_GTEST_PROP(SearchProperty, FindsWhatAPlainComparisonFinds, ()) {
  const auto texts = *rc::gen::container<std::vector<Text>>(20, text(1, 12));
  const auto terms = *rc::gen::container<std::vector<Text>>(
      *rc::gen::inRange(1, 4), rc::gen::suchThat(text(1, 4), means_something));
  std::vector<std::string> bodies;
  for (const Text& body : texts) bodies.push_back(utf8(body));
  std::string words;
  for (const Text& term : terms) words += '"' + utf8(term) + '"';
  static Searched searched;
  const auto found = searched.find(searched.post(bodies), words);

  auto item = found.items.begin();
  for (std::size_t i = texts.size(); i > 0; --i) {
    const auto expected = covered(texts[i - 1], terms);
    if (expected.empty()) continue;
    RC_ASSERT(item != found.items.end());
    RC_ASSERT(item->message->seqnr == Seqnr(i));
    RC_ASSERT(item->message->body == bodies[i - 1]);
    RC_ASSERT(covered(item->hits) == expected);
    ++item;
  }
  RC_ASSERT(item == found.items.end());
  RC_ASSERT(found.next == Seqnr(0));
}

}  // namespace
}  // namespace yallchat
