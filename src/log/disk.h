// The disk, as the log sees it: the one source of nondeterminism below the log.
//
// A narrow interface, so that tests and the simulator can put a disk of their own in its place,
// with power cuts and full devices. What is promised is what POSIX promises: a write is durable
// after sync() on its file, a name after sync_directory() on its directory, and nothing else is.
//
// Errors: full for ENOSPC and EDQUOT, not_found for a missing file, io for the rest; the message
// names the path, the operation and the system's words. Threads: a Disk may be used from any
// thread, a File from one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace yallchat {

// An open regular file. Closing (the destructor) makes nothing durable.
class File {
 public:
  virtual ~File() = default;
  // Fills out from offset; returns how many bytes, fewer than asked for only at the end of the
  // file.
  virtual Result<std::size_t> read(std::uint64_t offset, std::span<char> out) = 0;
  // Writes all of bytes at offset.
  virtual Result<void> write(std::uint64_t offset, std::string_view bytes) = 0;
  // Finds room for the first `bytes` bytes now, so that a full disk is met here. Where the file
  // system cannot, it does nothing and the writes find out.
  virtual Result<void> allocate(std::uint64_t bytes) = 0;
  // Makes all that was written, and the size, durable (fdatasync). After an error nobody can know
  // what is on the disk: never try again.
  virtual Result<void> sync() = 0;
  virtual Result<void> truncate(std::uint64_t bytes) = 0;
  virtual Result<std::uint64_t> size() = 0;
};

class Disk {
 public:
  virtual ~Disk() = default;
  // The names in the directory, without "." and "..", in no order.
  virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;
  // Success too when it exists. A new one is durable.
  virtual Result<void> make_directory(const std::string& directory) = 0;
  // An empty file for reading and writing, in the place of one that may have the name.
  virtual Result<std::unique_ptr<File>> create(const std::string& path) = 0;
  // An existing file for reading and writing.
  virtual Result<std::unique_ptr<File>> open(const std::string& path) = 0;
  // Atomically; both paths in one directory.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> remove(const std::string& path) = 0;
  virtual Result<void> sync_directory(const std::string& directory) = 0;
};

}  // namespace yallchat
