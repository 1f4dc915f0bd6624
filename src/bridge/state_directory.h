// StateDirectory: the small files in which a bridge keeps what it must know again.
//
// Only its owner may read it (0700, files 0600), for session keys are in it. One bridge at a time
// has it, by a lock that ends with the process. A file is replaced as a whole: written beside,
// synced, renamed, and the directory synced; so after a crash there is the old one or the new one.
// One thread. Errors name the path.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace yallchat {

class StateDirectory {
 public:
  // Makes it, and those above it, where it is not there. Error: locked, where another bridge has
  // it.
  static Result<StateDirectory> open(const std::string& path);

  ~StateDirectory();
  StateDirectory(StateDirectory&& from) noexcept;
  StateDirectory& operator=(StateDirectory&&) = delete;

  // Nothing: there is no such file.
  Result<std::optional<std::string>> read(const std::string& name) const;
  Result<void> write(const std::string& name, std::string_view content) const;
  const std::string& path() const { return path_; }

 private:
  StateDirectory(std::string path, int directory, int lock)
      : path_(std::move(path)), directory_(directory), lock_(lock) {}

  std::string path_;
  int directory_;
  int lock_;
};

}  // namespace yallchat
