// Result<T>: a value, or an Error that says in words what went wrong.
//
// Expected failures travel as values; exceptions do not cross a part.
#pragma once

#include <boost/system/result.hpp>
#include <string>

namespace yallchat {

enum class Errc {
  invalid,  // the input breaks a rule; the message says which and what would be right
  not_found,
  full,         // no space on the device, or a bound of ours is reached: try again later
  locked,       // somebody else holds it
  damaged,      // what was read is not what was written
  io,           // the system refused
  unsupported,  // written by a newer version
};

struct Error {
  Errc code;
  std::string message;
};

template <class T>
using Result = boost::system::result<T, Error>;

// Called when .value() is asked of a failed result: a bug in the caller, so a CHECK.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

}  // namespace yallchat
