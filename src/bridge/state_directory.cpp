#include "bridge/state_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace yallchat {
namespace {

constexpr mode_t file_mode = 0600;
constexpr mode_t directory_mode = 0700;
constexpr std::size_t largest_file = 1024 * 1024;

Error failed(const std::string& path, const char* operation) {
  return {errno == ENOSPC || errno == EDQUOT ? Errc::full : Errc::io,
          path + ": " + operation + ": " + std::generic_category().message(errno)};
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

Result<void> make_directories(const std::filesystem::path& path) {
  std::filesystem::path made;
  for (const auto& part : path) {
    made /= part;
    if (::mkdir(made.c_str(), directory_mode) != 0 && errno != EEXIST)
      return failed(made.string(), "mkdir");
  }
  return {};
}

}  // namespace

Result<StateDirectory> StateDirectory::open(const std::string& path) {
  if (const Result<void> made = make_directories(path); !made) return made.error();
  const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return failed(path, "open");
  const int lock = ::openat(directory, "lock", O_RDWR | O_CREAT | O_CLOEXEC, file_mode);
  StateDirectory opened(path, directory, lock);
  if (lock < 0) return failed(path + "/lock", "open");
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
    return Error{Errc::locked, path + ": another bridge has it; give each its own with --state"};
  return opened;
}

StateDirectory::~StateDirectory() {
  if (lock_ >= 0) ::close(lock_);
  if (directory_ >= 0) ::close(directory_);
}

StateDirectory::StateDirectory(StateDirectory&& from) noexcept
    : path_(std::move(from.path_)),
      directory_(std::exchange(from.directory_, -1)),
      lock_(std::exchange(from.lock_, -1)) {}

Result<std::optional<std::string>> StateDirectory::read(const std::string& name) const {
  const int fd = ::openat(directory_, name.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return std::optional<std::string>();
  if (fd < 0) return failed(path_ + "/" + name, "open");
  std::string content(largest_file, '\0');
  std::size_t size = 0;
  ssize_t got = 0;
  do {
    got = ::read(fd, content.data() + size, content.size() - size);
    if (got > 0) size += static_cast<std::size_t>(got);
  } while (got > 0 || (got < 0 && errno == EINTR));
  std::optional<Error> problem;
  if (got < 0) problem = failed(path_ + "/" + name, "read");
  ::close(fd);
  if (problem) return *problem;
  content.resize(size);
  return std::optional(std::move(content));
}

Result<void> StateDirectory::write(const std::string& name, std::string_view content) const {
  const std::string beside = name + ".new";
  const std::string path = path_ + "/" + name;
  if (content.size() >= largest_file) return Error{Errc::full, path + ": it is too large"};
  const int fd =
      ::openat(directory_, beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, file_mode);
  if (fd < 0) return failed(path, "open");
  std::optional<Error> problem;
  if (!write_all(fd, content)) problem = failed(path, "write");
  if (!problem && ::fsync(fd) != 0) problem = failed(path, "fsync");
  ::close(fd);
  if (problem) return *problem;
  if (::renameat(directory_, beside.c_str(), directory_, name.c_str()) != 0)
    return failed(path, "rename");
  if (::fsync(directory_) != 0) return failed(path_, "fsync");
  return {};
}

}  // namespace yallchat
