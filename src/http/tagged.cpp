#include "http/tagged.h"

#include <xxhash.h>

namespace yallchat {

Tagged tagged(std::string json) {
  const XXH128_hash_t hash = XXH3_128bits(json.data(), json.size());
  std::string tag = "\"" + std::to_string(hash.high64) + "-" + std::to_string(hash.low64) + "\"";
  return {std::make_shared<const std::string>(std::move(json)), std::move(tag)};
}

Answer answer_of(const Tagged& body, const Request& request) {
  Answer answer;
  answer.headers.emplace_back("ETag", body.tag);
  answer.shared_body = body.json;
  if (is_known(request, body.tag)) answer.status = 304;
  return answer;
}

bool is_known(const Request& request, std::string_view tag) {
  return request.any_header("If-None-Match", [=](std::string_view known) {
    return known == "*" || known.find(tag) != known.npos;
  });
}

}  // namespace yallchat
