#include "log/posix_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace yallchat {
namespace {

// Only the server's user may read what people said.
constexpr mode_t file_mode = 0600;
constexpr mode_t directory_mode = 0700;

Error failed(const std::string& path, const char* operation, int number) {
  const Errc code = number == ENOSPC || number == EDQUOT ? Errc::full
                    : number == ENOENT                   ? Errc::not_found
                                                         : Errc::io;
  return {code, path + ": " + operation + ": " + std::generic_category().message(number)};
}

class PosixFile final : public File {
 public:
  PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~PosixFile() override { ::close(fd_); }
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  Result<std::size_t> read(std::uint64_t offset, std::span<char> out) override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t got =
          ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed(path_, "read", errno);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  Result<void> write(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t put = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return failed(path_, "write", errno);
      bytes.remove_prefix(static_cast<std::size_t>(put));
      offset += static_cast<std::uint64_t>(put);
    }
    return {};
  }

  Result<void> allocate(std::uint64_t bytes) override {
    // Not posix_fallocate: where the file system cannot, it writes to every block, which we do
    // anyway.
    int status;
    do {
      status = ::fallocate(fd_, 0, 0, static_cast<off_t>(bytes));
    } while (status != 0 && errno == EINTR);
    if (status != 0 && errno != EOPNOTSUPP && errno != ENOSYS)
      return failed(path_, "allocate", errno);
    return {};
  }

  Result<void> sync() override {
    if (::fdatasync(fd_) != 0) return failed(path_, "fdatasync", errno);
    return {};
  }

  Result<void> truncate(std::uint64_t bytes) override {
    if (::ftruncate(fd_, static_cast<off_t>(bytes)) != 0) return failed(path_, "truncate", errno);
    return {};
  }

  Result<std::uint64_t> size() override {
    struct stat status;
    if (::fstat(fd_, &status) != 0) return failed(path_, "stat", errno);
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  const int fd_;
  const std::string path_;
};

Result<std::unique_ptr<File>> open_file(const std::string& path, int flags, const char* operation) {
  const int fd = ::open(path.c_str(), flags | O_RDWR | O_CLOEXEC, file_mode);
  if (fd < 0) return failed(path, operation, errno);
  return std::make_unique<PosixFile>(fd, path);
}

}  // namespace

Result<std::vector<std::string>> PosixDisk::list(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator at(directory, error);
  while (!error && at != std::filesystem::directory_iterator()) {
    names.push_back(at->path().filename().string());
    at.increment(error);
  }
  if (error) return failed(directory, "list", error.value());
  return names;
}

Result<void> PosixDisk::make_directory(const std::string& directory) {
  if (::mkdir(directory.c_str(), directory_mode) == 0) {
    const auto parent = std::filesystem::absolute(directory + "/..").lexically_normal();
    return sync_directory(parent.string());
  }
  const int number = errno;
  std::error_code ignored;
  if (number == EEXIST && std::filesystem::is_directory(directory, ignored)) return {};
  return failed(directory, "make directory", number);
}

Result<std::unique_ptr<File>> PosixDisk::create(const std::string& path) {
  return open_file(path, O_CREAT | O_TRUNC, "create");
}

Result<std::unique_ptr<File>> PosixDisk::open(const std::string& path) {
  return open_file(path, 0, "open");
}

Result<void> PosixDisk::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failed(from, "rename", errno);
  return {};
}

Result<void> PosixDisk::remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return failed(path, "remove", errno);
  return {};
}

Result<void> PosixDisk::sync_directory(const std::string& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return failed(directory, "open", errno);
  const int status = ::fsync(fd);
  const int number = errno;
  ::close(fd);
  if (status != 0) return failed(directory, "fsync", number);
  return {};
}

}  // namespace yallchat
