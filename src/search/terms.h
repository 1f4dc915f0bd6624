// What a query looks for, and whether a body has it: the one definition of a hit.
//
// Words are separated by white space; what is between double quotes stands as it is, white space
// included, and a last quote that is not closed ends with the query. No other character means
// anything. Each term must be in the body, anywhere; terms and bodies are compared after folding
// each code point by itself (Unicode's simple case folding), so a folded text has the code points
// of the text at the same places. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace yallchat {

// A place in a body, in code points: from the first one to the one behind the last.
struct Hit {
  std::size_t from = 0;
  std::size_t to = 0;
  bool operator==(const Hit&) const = default;
};

// Replaces folded, so that its memory can serve again. text: UTF-8.
void fold(std::string_view text, std::string& folded);

class Terms {
 public:
  // Error: invalid (nothing to look for, too many terms, not UTF-8 without NUL).
  static Result<Terms> parse(std::string_view words);

  // Folded, each once.
  const std::vector<std::string>& all() const { return terms_; }

  bool are_in(std::string_view folded_body) const;
  // Every place of every term, in order; those that overlap are one.
  std::vector<Hit> hits(std::string_view folded_body) const;

 private:
  std::vector<std::string> terms_;
};

}  // namespace yallchat
