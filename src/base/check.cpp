#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace yallchat {

void check_failed(const char* file, int line, const char* condition,
                  std::string_view detail) noexcept {
  // No logger here: it may be what is broken.
  std::fprintf(stderr, "yallchat: broken invariant at %s:%d: %s: %.*s\n", file, line, condition,
               static_cast<int>(detail.size()), detail.data());
  std::fflush(stderr);
  std::_Exit(1);
}

}  // namespace yallchat
