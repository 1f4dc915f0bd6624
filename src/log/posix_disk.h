// The real disk: files of the operating system. It has no state; any thread.
#pragma once

#include "log/disk.h"

namespace yallchat {

class PosixDisk final : public Disk {
 public:
  Result<std::vector<std::string>> list(const std::string& directory) override;
  Result<void> make_directory(const std::string& directory) override;
  Result<std::unique_ptr<File>> create(const std::string& path) override;
  Result<std::unique_ptr<File>> open(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> sync_directory(const std::string& directory) override;
};

}  // namespace yallchat
