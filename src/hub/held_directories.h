// The directories that readers are in the middle of: each version of a channel's is one text,
// however many hold it, and lives until the last of them has taken the rest.
//
// A large channel's is hundreds of kilobytes, and everybody who comes or goes makes a new one, so
// what slow readers hold of these is bounded. At the bound who begins is given, rather than the
// current one, the newest that is held anyhow, and then the next; and when one more must be held
// all the same, those who hold the one that was begun first are given up. Not counted is what a
// connection still has to take of a stream that is over. Owner: Streams. One thread.
#pragma once

#include <algorithm>
#include <iterator>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "hub/directory.h"

namespace yallchat {

template <class Reader>
class HeldDirectories {
 public:
  explicit HeldDirectories(std::size_t bound) : bound_(bound) {}

  // What a reader may be given instead of the current one: newer than the version that it has, and
  // already held. None: the current one is to be given.
  std::optional<Directory> instead(ChannelId channel, std::uint64_t has) const {
    const Directory* newest = nullptr;
    for (const Version& one : versions_)
      if (one.channel == channel && one.directory.version > (newest ? newest->version : has))
        newest = &one.directory;
    // The current one is about as long.
    if (!newest || bytes_ + newest->json->size() <= bound_) return std::nullopt;
    return *newest;
  }

  // It is in the middle of that one, and of no other.
  void hold(const Reader& reader, ChannelId channel, const Directory& directory) {
    auto found = std::find_if(versions_.begin(), versions_.end(), [&](const Version& one) {
      return one.directory.json == directory.json;
    });
    if (found == versions_.end()) {
      found = versions_.insert(found, {channel, directory, {}});
      bytes_ += directory.json->size();
    }
    by_reader_.emplace(reader, Place{found, found->readers.size()});
    found->readers.push_back(reader);
  }

  // It is in the middle of none.
  void release(const Reader& reader) {
    const auto node = by_reader_.extract(reader);
    if (!node) return;
    const auto [version, at] = node.mapped();
    auto& readers = version->readers;
    if (at + 1 != readers.size()) {
      readers[at] = std::move(readers.back());
      by_reader_.find(readers[at])->second.at = at;
    }
    readers.pop_back();
    if (!readers.empty()) return;
    bytes_ -= version->directory.json->size();
    versions_.erase(version);
  }

  // Who is to be given up, so that the others' fit; nobody, if they do, or there is one only.
  std::vector<Reader> beyond() const {
    if (bytes_ <= bound_ || versions_.size() < 2) return {};
    return versions_.front().readers;
  }

 private:
  struct Version {
    ChannelId channel;
    Directory directory;
    std::vector<Reader> readers;
  };
  struct Place {
    typename std::list<Version>::iterator version;
    std::size_t at;  // among its readers
  };

  std::size_t bound_;
  std::size_t bytes_ = 0;
  std::list<Version> versions_;  // in the order in which they were begun
  std::unordered_map<Reader, Place> by_reader_;
};

}  // namespace yallchat
