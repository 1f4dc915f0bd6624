#include "http/request.h"

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

void Request::split_target() {
  std::string_view target = without_authority(head_.target);
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  path_ = target.substr(0, question);
  if (question != target.npos) query_ = target.substr(question + 1);
}

bool Request::accepts_problem() const {
  return any_header("Accept", [](std::string_view types) {
    return types.find("application/problem+json") != types.npos;
  });
}

bool Request::expects_more() const {
  return !http10() && any_header("Expect", [](std::string_view value) {
    return !text::equal_fold(value, "100-continue");
  });
}

std::string_view Request::header(std::string_view name) const {
  const auto& fields = head_.fields;
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.is(name); });
  return found == fields.end() ? std::string_view() : found->value;
}

std::size_t Request::header_count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(head_.fields.begin(), head_.fields.end(),
                    [&](const Field& field) { return field.is(name); }));
}

}  // namespace yallchat
