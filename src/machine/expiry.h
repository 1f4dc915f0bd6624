// When to look at which session again: a calendar of ticks.
//
// Entries are hints, not facts: activity moves a session's true expiry without touching the
// calendar, and a session that is found alive is put in again. So a touch costs nothing here.
#pragma once

#include <map>
#include <vector>

#include "base/ids.h"

namespace yallchat {

class Expiry {
 public:
  void put(Tick at, SessionId session) { calendar_[at].push_back(session); }
  void clear() { calendar_.clear(); }

  // Takes out all that were put in for `now` or before, in ascending order of session.
  std::vector<SessionId> due(Tick now);

 private:
  std::map<Tick, std::vector<SessionId>> calendar_;
};

}  // namespace yallchat
