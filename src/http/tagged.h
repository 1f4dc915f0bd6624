// Bodies with an ETag that follows from their bytes, so that a client which has them is told 304.
//
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "http/answer.h"
#include "http/request.h"

namespace yallchat {

struct Tagged {
  TextPtr json;
  std::string tag;
};
Tagged tagged(std::string json);

// 200, or 304 where the client has just these bytes.
Answer answer_of(const Tagged& body, const Request& request);

// Whether If-None-Match has this tag, or any.
bool is_known(const Request& request, std::string_view tag);

}  // namespace yallchat
