// A disk in memory that can lose power, run full and fail: for tests and the simulator.
//
// It models what a real one may do and not more: a page cache over durable content, a file in
// sectors of 512 bytes that are written whole or not at all, names that are durable when their
// directory is synced. A power cut keeps of what was not synced any subset of the sectors, either
// size, and the changes of names up to some moment. One directory is assumed. One thread.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "log/disk.h"

namespace yallchat {

class FakeDisk final : public Disk {
 public:
  enum class Operation {
    create,
    open,
    rename,
    remove,
    sync_directory,
    read,
    write,
    allocate,
    sync,
    truncate
  };
  // Thrown out of the operation at which the power goes, and of every one after it, until power_on.
  // Only truncate and remove fail instead: destructors call them, which may not throw.
  struct PowerCut {};
  bool is_off() const { return off_; }

  // Asked before each operation: an error is what it answers then.
  std::function<std::optional<Error>(Operation, const std::string& path)> fault;
  // What all files together may hold.
  std::uint64_t capacity_bytes = ~std::uint64_t{0};
  // The power goes at this change from now on, the first is 0.
  std::optional<std::uint64_t> cut_after;
  // Changes until now: how many places there are to cut at.
  std::uint64_t changes = 0;

  // What the power cut left, decided by random.
  void power_on(std::mt19937_64& random);
  // It was not the power, only the process: what is cached is still there, unsynced.
  void process_restarts() { off_ = false, cut_after.reset(); }

  // The content as the page cache has it, to look at and to damage; not for a file that does not
  // exist.
  std::string& content(const std::string& path) { return names_.at(path)->cached; }
  bool exists(const std::string& path) const { return names_.contains(path); }
  // Writing back failed: what is cached and not durable is taken for clean, so no later sync writes
  // it.
  void forget_what_is_not_synced();
  // All that is cached becomes durable, as it does when time passes.
  void settle();
  // All files, to keep; and a durable file, as if it had always been there.
  std::map<std::string, std::string> files() const;
  void put(const std::string& path, std::string content);

  Result<std::vector<std::string>> list(const std::string& directory) override;
  Result<void> make_directory(const std::string&) override { return {}; }
  Result<std::unique_ptr<File>> create(const std::string& path) override;
  Result<std::unique_ptr<File>> open(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> sync_directory(const std::string& directory) override;

 private:
  static constexpr std::size_t sector_bytes = 512;

  struct Content {
    std::string cached, durable;
    std::set<std::size_t> dirty;  // sectors written since the last sync
    void mark(std::uint64_t from, std::uint64_t to) {
      for (std::uint64_t at = from / sector_bytes; at * sector_bytes < to; ++at) dirty.insert(at);
    }
    // The sector as it is cached, into what is durable, as far as that reaches.
    void keep(std::size_t sector) {
      const std::size_t from = sector * sector_bytes;
      const std::size_t to = std::min({from + sector_bytes, durable.size(), cached.size()});
      if (from < to) durable.replace(from, to - from, cached, from, to - from);
    }
    void sync() {
      durable.resize(cached.size());
      for (const std::size_t sector : dirty) keep(sector);
      dirty.clear();
    }
  };
  using Names = std::map<std::string, std::shared_ptr<Content>>;
  class OpenFile;

  std::optional<Error> refuse(Operation operation, const std::string& path) {
    if (off_ && operation != Operation::truncate && operation != Operation::remove)
      throw PowerCut{};
    if (off_) return Error{Errc::io, path + ": the power is off"};
    return fault ? fault(operation, path) : std::nullopt;
  }
  // Called when a change is made, or, for a sync, before it takes hold.
  void changed() {
    if (cut_now()) throw PowerCut{};
  }
  bool cut_now() {
    off_ = cut_after && changes == *cut_after;
    ++changes;
    return off_;
  }
  bool room_for(std::uint64_t more) const {
    std::uint64_t used = 0;
    for (const auto& [path, content] : names_) used += content->cached.size();
    return used + more <= capacity_bytes;
  }
  void name(std::vector<std::pair<std::string, std::shared_ptr<Content>>> change) {
    apply(names_, change);
    unsynced_names_.push_back(std::move(change));
  }
  static void apply(Names& names,
                    const std::vector<std::pair<std::string, std::shared_ptr<Content>>>& change) {
    for (const auto& [path, content] : change) {
      if (content)
        names[path] = content;
      else
        names.erase(path);
    }
  }

  Names names_, durable_names_;
  std::vector<std::vector<std::pair<std::string, std::shared_ptr<Content>>>> unsynced_names_;
  bool off_ = false;
};

class FakeDisk::OpenFile final : public File {
 public:
  OpenFile(FakeDisk& disk, std::string path, std::shared_ptr<Content> content)
      : disk_(disk), path_(std::move(path)), content_(std::move(content)) {}

  Result<std::size_t> read(std::uint64_t offset, std::span<char> out) override {
    if (auto error = disk_.refuse(Operation::read, path_)) return *error;
    if (offset >= content_->cached.size()) return 0;
    return content_->cached.copy(out.data(), out.size(), offset);
  }
  Result<void> write(std::uint64_t offset, std::string_view bytes) override {
    if (auto error = disk_.refuse(Operation::write, path_)) return *error;
    if (auto error = grow(offset + bytes.size())) return *error;
    content_->cached.replace(offset, bytes.size(), bytes);
    content_->mark(offset, offset + bytes.size());
    disk_.changed();
    return {};
  }
  Result<void> allocate(std::uint64_t bytes) override {
    if (auto error = disk_.refuse(Operation::allocate, path_)) return *error;
    if (auto error = grow(bytes)) return *error;
    disk_.changed();
    return {};
  }
  Result<void> sync() override {
    if (auto error = disk_.refuse(Operation::sync, path_)) return *error;
    disk_.changed();
    content_->sync();
    return {};
  }
  Result<void> truncate(std::uint64_t bytes) override {
    if (auto error = disk_.refuse(Operation::truncate, path_)) return *error;
    content_->cached.resize(bytes);
    if (disk_.cut_now()) return *disk_.refuse(Operation::truncate, path_);
    return {};
  }
  Result<std::uint64_t> size() override { return content_->cached.size(); }

 private:
  std::optional<Error> grow(std::uint64_t bytes) {
    const std::uint64_t had = content_->cached.size();
    if (bytes <= had) return std::nullopt;
    if (!disk_.room_for(bytes - had)) return Error{Errc::full, path_ + ": no space left"};
    content_->cached.resize(bytes);
    content_->mark(had, bytes);
    return std::nullopt;
  }

  FakeDisk& disk_;
  const std::string path_;
  const std::shared_ptr<Content> content_;
};

inline void FakeDisk::power_on(std::mt19937_64& random) {
  const auto coin = [&] { return random() % 2 == 0; };
  const std::size_t kept = random() % (unsynced_names_.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) apply(durable_names_, unsynced_names_[i]);
  unsynced_names_.clear();
  for (auto& [path, content] : durable_names_) {
    if (coin()) content->durable.resize(content->cached.size());
    const auto fate = random() % 4;  // all, none, or each for itself
    for (const std::size_t sector : content->dirty)
      if (fate == 0 || (fate != 1 && coin())) content->keep(sector);
    content->dirty.clear();
    content->cached = content->durable;
  }
  names_ = durable_names_;
  off_ = false;
  cut_after.reset();
}

inline void FakeDisk::forget_what_is_not_synced() {
  for (auto& [path, content] : names_) content->dirty.clear();
}

inline void FakeDisk::settle() {
  for (auto& [path, content] : names_) {
    content->mark(0, content->cached.size());
    content->sync();
  }
  durable_names_ = names_;
  unsynced_names_.clear();
}

inline std::map<std::string, std::string> FakeDisk::files() const {
  std::map<std::string, std::string> all;
  for (const auto& [path, content] : names_) all[path] = content->cached;
  return all;
}

inline void FakeDisk::put(const std::string& path, std::string content) {
  const auto file = std::make_shared<Content>();
  file->cached = file->durable = std::move(content);
  names_[path] = durable_names_[path] = file;
}

inline Result<std::vector<std::string>> FakeDisk::list(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& [path, content] : names_)
    if (path.starts_with(directory + "/")) names.push_back(path.substr(directory.size() + 1));
  return names;
}

inline Result<std::unique_ptr<File>> FakeDisk::create(const std::string& path) {
  if (auto error = refuse(Operation::create, path)) return *error;
  const auto content = std::make_shared<Content>();
  name({{path, content}});
  changed();
  return std::make_unique<OpenFile>(*this, path, content);
}

inline Result<std::unique_ptr<File>> FakeDisk::open(const std::string& path) {
  if (auto error = refuse(Operation::open, path)) return *error;
  const auto found = names_.find(path);
  if (found == names_.end()) return Error{Errc::not_found, path + ": open: no such file"};
  return std::make_unique<OpenFile>(*this, path, found->second);
}

inline Result<void> FakeDisk::rename(const std::string& from, const std::string& to) {
  if (auto error = refuse(Operation::rename, from)) return *error;
  const auto found = names_.find(from);
  if (found == names_.end()) return Error{Errc::not_found, from + ": rename: no such file"};
  name({{to, found->second}, {from, nullptr}});
  changed();
  return {};
}

inline Result<void> FakeDisk::remove(const std::string& path) {
  if (auto error = refuse(Operation::remove, path)) return *error;
  if (!names_.contains(path)) return Error{Errc::not_found, path + ": remove: no such file"};
  name({{path, nullptr}});
  if (cut_now()) return *refuse(Operation::remove, path);
  return {};
}

inline Result<void> FakeDisk::sync_directory(const std::string& directory) {
  if (auto error = refuse(Operation::sync_directory, directory)) return *error;
  changed();
  durable_names_ = names_;
  unsynced_names_.clear();
  return {};
}

}  // namespace yallchat
