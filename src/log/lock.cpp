#include "log/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace yallchat {
namespace {

Error failed(const std::string& path, const char* operation, int number) {
  return {Errc::io, path + ": " + operation + ": " + std::generic_category().message(number)};
}

// The digits at the beginning of the file, or nothing.
std::string read_holder(int fd) {
  std::string text(20, '\0');
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text.substr(0, text.find_first_not_of("0123456789"));
}

}  // namespace

DataDirectoryLock::~DataDirectoryLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<DataDirectoryLock> lock_data_directory(const std::string& directory) {
  const std::string path = directory + "/LOCK";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failed(path, "open", errno);
  DataDirectoryLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failed(path, "flock", errno);
    const std::string holder = read_holder(fd);
    return Error{Errc::locked, directory + " is in use by another process" +
                                   (holder.empty() ? "" : " (pid " + holder + ")") + ": it holds " +
                                   path};
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd, 0) != 0) return failed(path, "truncate", errno);
  // Only for the message above: a full disk does not keep the server from starting.
  static_cast<void>(::pwrite(fd, pid.data(), pid.size(), 0) == 0);
  return lock;
}

}  // namespace yallchat
