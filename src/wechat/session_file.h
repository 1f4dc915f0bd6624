// SessionFile: what a run leaves for the next one: the key of a session, and how far the user has
// read, and which channels were open beside it (docs/wechat.md). One file a user and channel, which
// one process at a time has; another beside it says so, as long as it does.
//
// The folder is for the user alone (0700), and so is the file (0600), which is replaced as a whole.
// One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace yallchat::screen {

class SessionFile {
 public:
  struct Content {
    std::string key;  // empty: there is no session
    std::optional<Seqnr> read_to;
    std::vector<std::string> others;  // URLs of the channels that are open beside it

    bool operator==(const Content&) const = default;
  };

  // folder: made where it is missing. channel: the base of the channel's URL. Error: locked, where
  // another process has it; io.
  static Result<SessionFile> open(const std::string& folder, const std::string& channel,
                                  const std::string& user);
  SessionFile(SessionFile&& other) noexcept;
  SessionFile& operator=(SessionFile&&) = delete;
  ~SessionFile();

  // Nothing in it, or nothing that could be: empty.
  Content load() const;
  // Does nothing where it is what was saved last. Error: io.
  Result<void> save(const Content& content);

 private:
  SessionFile(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::string path_;
  int lock_;
  std::optional<Content> saved_;
};

}  // namespace yallchat::screen
