#include "http/request.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>

namespace yallchat {
namespace {

// RFC 9112, section 3.2.2: the path of an absolute-form target.
std::string_view without_authority(std::string_view target) {
  if (target.empty() || target.front() == '/' || target == "*") return target;
  const std::size_t scheme = target.find("://");
  if (scheme == target.npos) return target;
  const std::size_t path = target.find_first_of("/?", scheme + 3);
  return path == target.npos ? std::string_view("/") : target.substr(path);
}

}  // namespace

void Request::set_target(std::string_view target) {
  target = without_authority(target);
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  path_ = target.substr(0, question);
  if (question != target.npos) query_ = target.substr(question + 1);
}

std::string_view Request::header(std::string_view name) const {
  for (const Field& field : fields_)
    if (field.name.size() == name.size() && boost::beast::iequals(field.name, name))
      return field.value;
  return {};
}

std::size_t Request::header_count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(fields_.begin(), fields_.end(), [&](const Field& field) {
        return field.name.size() == name.size() && boost::beast::iequals(field.name, name);
      }));
}

}  // namespace yallchat
