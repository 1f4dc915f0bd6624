// A data directory belongs to one process: two that wrote the same files would destroy them.
//
// The lock is flock(2) on the file LOCK, so it ends with the process however that ends. The file
// stays, and says the process id of its last holder. Any thread.
#pragma once

#include <string>

#include "base/result.h"

namespace yallchat {

// Held until destroyed.
class DataDirectoryLock {
 public:
  explicit DataDirectoryLock(int fd) : fd_(fd) {}
  ~DataDirectoryLock();
  DataDirectoryLock(DataDirectoryLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  DataDirectoryLock& operator=(DataDirectoryLock&&) = delete;

 private:
  int fd_;
};

// directory exists. Errors: locked, with the path and, where it can be read, the holder's process
// id; io.
Result<DataDirectoryLock> lock_data_directory(const std::string& directory);

}  // namespace yallchat
