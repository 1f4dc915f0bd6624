#include "machine/expiry.h"

#include <algorithm>

namespace yallchat {

std::vector<SessionId> Expiry::due(Tick now) {
  std::vector<SessionId> sessions;
  while (!calendar_.empty() && calendar_.begin()->first <= now) {
    const auto& day = calendar_.begin()->second;
    sessions.insert(sessions.end(), day.begin(), day.end());
    calendar_.erase(calendar_.begin());
  }
  // The order in which sessions were put in depends on when this server started; the order in which
  // they end may not.
  std::sort(sessions.begin(), sessions.end());
  sessions.erase(std::unique(sessions.begin(), sessions.end()), sessions.end());
  return sessions;
}

}  // namespace yallchat
