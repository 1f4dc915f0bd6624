// CHECK: an invariant of ours that does not hold stops the process, loudly, in every build.
//
// Never for bad input, a full disk or a lost peer: those are expected and have answers (result.h).
// A broken invariant means that the next step could damage data, so the process says which one, on
// standard error, and exits with status 1. Any thread.
#pragma once

#include <string_view>

namespace yallchat {

[[noreturn]] void check_failed(const char* file, int line, const char* condition,
                               std::string_view detail) noexcept;

}  // namespace yallchat

// detail: a std::string or literal that says what was found; evaluated only on failure.
#define CHECK(condition, detail)                                          \
  do {                                                                    \
    if (!(condition)) [[unlikely]]                                        \
      ::yallchat::check_failed(__FILE__, __LINE__, #condition, (detail)); \
  } while (false)
