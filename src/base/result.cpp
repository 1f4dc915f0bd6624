#include "base/result.h"

#include "base/check.h"

namespace yallchat {

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  check_failed(where.file_name(), static_cast<int>(where.line()), "result has a value",
               error.message);
}

}  // namespace yallchat
