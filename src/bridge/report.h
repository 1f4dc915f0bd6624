// Report: one thing that a bridge did or noticed, and how it is printed: a line for people, or a
// line of JSON. Pure; any thread. Names and words may hold any character: what prints them makes
// them safe.
#pragma once

#include <optional>
#include <string>

#include "base/ids.h"

namespace yallchat {

struct Place {
  std::string label;
  std::string channel;
  std::optional<Seqnr> seqnr = {};
};

struct Report {
  enum class Kind {
    bridging,     // from that message on, from is carried to to; words: the addresses
    joined,       // name is in to
    left,         // name is in to no more
    refused,      // name may not be in to; words: why
    carried,      // a message, as name
    would_carry,  // in a dry run
    not_carried,  // a message that the other side does not want; words: why
    repeated,     // a message, perhaps for the second time; words: why
    gap,          // messages of from that are not kept any more; words: which
    warning,      // about to; words: what
  };
  Kind kind;
  Place from = {};
  Place to = {};
  std::string name = {};
  std::string words = {};
};

class Reporter {
 public:
  virtual ~Reporter() = default;
  virtual void report(const Report& report) = 0;
};

// Without an end of line.
std::string text_of(const Report& report);
std::string json_of(const Report& report);

}  // namespace yallchat
