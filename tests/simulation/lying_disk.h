// A disk whose sync says yes and does nothing: what the canary lying-sync puts below the log.
#pragma once

#include <memory>

#include "log/disk.h"

namespace yallchat::simulation {

class LyingDisk final : public Disk {
 public:
  explicit LyingDisk(Disk& disk) : disk_(disk) {}

  Result<std::vector<std::string>> list(const std::string& directory) override {
    return disk_.list(directory);
  }
  Result<void> make_directory(const std::string& directory) override {
    return disk_.make_directory(directory);
  }
  Result<std::unique_ptr<File>> create(const std::string& path) override {
    return wrap(disk_.create(path));
  }
  Result<std::unique_ptr<File>> open(const std::string& path) override {
    return wrap(disk_.open(path));
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return disk_.rename(from, to);
  }
  Result<void> remove(const std::string& path) override { return disk_.remove(path); }
  Result<void> sync_directory(const std::string& directory) override {
    return disk_.sync_directory(directory);
  }

 private:
  class LyingFile final : public File {
   public:
    explicit LyingFile(std::unique_ptr<File> file) : file_(std::move(file)) {}
    Result<std::size_t> read(std::uint64_t offset, std::span<char> out) override {
      return file_->read(offset, out);
    }
    Result<void> write(std::uint64_t offset, std::string_view bytes) override {
      return file_->write(offset, bytes);
    }
    Result<void> allocate(std::uint64_t bytes) override { return file_->allocate(bytes); }
    Result<void> sync() override { return {}; }
    Result<void> truncate(std::uint64_t bytes) override { return file_->truncate(bytes); }
    Result<std::uint64_t> size() override { return file_->size(); }

   private:
    const std::unique_ptr<File> file_;
  };

  static Result<std::unique_ptr<File>> wrap(Result<std::unique_ptr<File>> file) {
    if (!file) return file;
    return std::unique_ptr<File>(std::make_unique<LyingFile>(std::move(*file)));
  }

  Disk& disk_;
};

}  // namespace yallchat::simulation
