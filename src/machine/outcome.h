// What a command came to, for the one who asked.
#pragma once

#include <variant>

#include "base/ids.h"

namespace yallchat {

// The state's hash has them as numbers: new ones come last.
enum class Refusal {
  no_session,       // the session is not, or no longer, there
  name_taken,       // the name, or one that looks like it, is held in the channel
  channel_limit,    // no new channel is made
  session_limit,    // the server is full
  key_reused,       // the Idempotency-Key was used with another body
  unavailable,      // not done: the log cannot take it now; try again
  outcome_unknown,  // may or may not be done
  no_user,          // nobody in the channel, if there is one, has that name
};

namespace outcome {

struct Refused {
  Refusal why;
  bool operator==(const Refused&) const = default;
};
struct Joined {
  SessionId session;
  bool operator==(const Joined&) const = default;
};
struct Posted {
  Seqnr seqnr;
  bool repeated;  // the answer to an earlier post under the same key
  bool operator==(const Posted&) const = default;
};
struct Done {
  bool operator==(const Done&) const = default;
};

}  // namespace outcome

using Outcome = std::variant<outcome::Refused, outcome::Joined, outcome::Posted, outcome::Done>;

}  // namespace yallchat
