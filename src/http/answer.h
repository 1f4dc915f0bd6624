// Answers: the values that handlers make, and the one place where response headers are written.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "http/cors.h"
#include "hub/hub.h"

namespace yallchat {

struct Answer {
  int status = 200;
  // Name and value. A value with CR, LF or NUL is a bug and stops the process.
  boost::container::small_vector<std::pair<std::string_view, std::string>, 4> headers;
  std::string body;
  TextPtr shared_body;      // instead of body, when many answers have the same
  bool problem = false;     // the body is RFC 9457
  bool open_ended = false;  // what follows is somebody else's; its type is among the headers

  std::string_view content() const { return shared_body ? *shared_body : std::string_view(body); }
};

// `true`
Answer yes();

// A failed call. reason: a stable slug. detail: what was wrong and what would be right, in a
// sentence. as_problem: the client accepts application/problem+json; else the body is `false` and
// the slug and the detail are headers.
struct Failure {
  int status = 0;
  std::string_view reason;
  std::string detail;
  std::int64_t retry_after = 1;  // seconds; said where it may be tried again
};
Answer failed(const Failure& failure, bool as_problem);
// Whether the same may succeed a little later: the status is 429 or 503.
inline bool may_be_tried_again(const Failure& failure) {
  return failure.status == 429 || failure.status == 503;
}

// How an answer goes out.
struct Delivery {
  bool head = false;    // to a HEAD: no body
  bool http10 = false;  // the client speaks HTTP/1.0
  bool keep_alive = true;
  std::string_view date;  // RFC 9110, section 5.6.7
  Cors cors = {};
};
void write_answer(std::string& out, const Answer& answer, const Delivery& delivery);

// IMF-fixdate of seconds since 1970.
std::string http_date(std::int64_t seconds);

}  // namespace yallchat
