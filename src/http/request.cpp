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

// Takes what is before the mark, trimmed, and the mark.
std::string_view take_until(std::string_view& rest, char mark) {
  const std::size_t end = std::min(rest.find(mark), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return text::trim(taken);
}

// Of a media type's parameters: q, in thousandths.
int quality(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view value = take_until(parameters, ';');
    if (!text::equal_fold(take_until(value, '='), "q")) continue;
    if (!value.starts_with('0')) return 1000;
    std::string digits(value.substr(std::min<std::size_t>(value.size(), 2), 3));
    digits.resize(3, '0');
    return text::is_digits(digits) ? std::stoi(digits) : 0;
  }
  return 1000;
}

}  // namespace

void Request::split_target() {
  std::string_view target = without_authority(head_.target);
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  path_ = target.substr(0, question);
  if (question != target.npos) query_ = target.substr(question + 1);
}

int Request::preference(std::string_view type) const {
  int most = 0;
  for (const Field& field : head_.fields) {
    if (!field.is("Accept")) continue;
    for (std::string_view rest = field.value; !rest.empty();) {
      std::string_view parameters = take_until(rest, ',');
      if (text::equal_fold(take_until(parameters, ';'), type))
        most = std::max(most, quality(parameters));
    }
  }
  return most;
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
