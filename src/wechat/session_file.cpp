#include "wechat/session_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "base/limits.h"
#include "protocol/sha256.h"

namespace yallchat::screen {
namespace {

constexpr std::size_t longest_key = 1'024;
constexpr const char* lock_suffix = ".lock";
constexpr int lock_tries = 100;  // each finds that somebody has just removed it

Error failed(const std::string& path) {
  return {Errc::io, path + ": " + std::strerror(errno)};
}

std::string hexadecimal(const Sha256& hash) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : hash) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

// It becomes a header's value.
bool can_be_a_key(std::string_view key) {
  return key.size() <= longest_key &&
         std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7F; });
}

Result<void> make_folder(const std::string& folder) {
  std::error_code problem;
  std::filesystem::create_directories(std::filesystem::path(folder).parent_path(), problem);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return failed(folder);
  if (::chmod(folder.c_str(), 0700) != 0) return failed(folder);
  return {};
}

// Whether the file that is open is still the one of this name.
bool is_there(int file, const std::string& path) {
  struct stat its {};
  struct stat there {};
  return ::fstat(file, &its) == 0 && ::stat(path.c_str(), &there) == 0 &&
         its.st_ino == there.st_ino && its.st_dev == there.st_dev;
}

Result<int> take_lock(const std::string& path) {
  for (int tried = 0; tried < lock_tries; ++tried) {
    const int lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0) return failed(path);
    const bool taken = ::flock(lock, LOCK_EX | LOCK_NB) == 0;
    if (taken && is_there(lock, path)) return lock;
    ::close(lock);
    if (!taken) return Error{Errc::locked, "another wechat has this name in this channel"};
    // Whoever had it has removed it meanwhile.
  }
  return Error{Errc::io, path + ": it is another file each time that it is opened"};
}

}  // namespace

Result<SessionFile> SessionFile::open(const std::string& folder, const std::string& channel,
                                      const std::string& user) {
  if (auto made = make_folder(folder); !made) return made.error();
  const std::string path = folder + "/" + hexadecimal(sha256({user, "\n", channel}));
  const auto lock = take_lock(path + lock_suffix);
  if (!lock) return lock.error();
  return SessionFile(path, *lock);
}

SessionFile::SessionFile(SessionFile&& other) noexcept
    : path_(std::move(other.path_)),
      lock_(std::exchange(other.lock_, -1)),
      saved_(std::move(other.saved_)) {}

SessionFile::~SessionFile() {
  if (lock_ < 0) return;
  // While it is held, so that nobody else's is removed.
  ::unlink((path_ + lock_suffix).c_str());
  ::close(lock_);
}

SessionFile::Content SessionFile::load() const {
  Content content;
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);) {
    const std::string_view value = std::string_view(line).substr(line.find(' ') + 1);
    if (line.starts_with("session ") && can_be_a_key(value)) content.key = value;
    std::uint64_t number = 0;
    if (line.starts_with("read ") &&
        std::from_chars(value.data(), value.data() + value.size(), number).ec == std::errc{})
      content.read_to = Seqnr(number);
    if (line.starts_with("open ") && content.others.size() < limits::screen_channels)
      content.others.emplace_back(value);
  }
  return content;
}

Result<void> SessionFile::save(const Content& content) {
  if (saved_ == content) return {};
  std::string text;
  if (!content.key.empty() && can_be_a_key(content.key)) text += "session " + content.key + "\n";
  if (content.read_to) text += "read " + std::to_string(content.read_to->value) + "\n";
  for (const std::string& url : content.others) text += "open " + url + "\n";
  const std::string made = path_ + ".new";
  const int file =
      ::open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return failed(made);
  const bool written = ::fchmod(file, 0600) == 0 &&  // also where somebody made it before
                       ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const auto error = failed(made);
  ::close(file);
  if (!written) return error;
  if (::rename(made.c_str(), path_.c_str()) != 0) return failed(path_);
  saved_ = content;
  return {};
}

}  // namespace yallchat::screen
