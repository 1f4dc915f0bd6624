#include "answers.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace yallchat::bench {
namespace {

constexpr Answer malformed{Answer::State::malformed, 0, 0};

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Answer parse_http(std::string_view received) {
  const std::size_t end = received.find("\r\n\r\n");
  if (end == received.npos) return {};
  const std::string_view head = received.substr(0, end + 2);
  if (!head.starts_with("HTTP/1.") || head.size() < 13) return malformed;
  const auto status = number(head.substr(9, 3));
  if (!status) return malformed;
  Answer answer{Answer::State::whole, end + 4, static_cast<int>(*status)};
  if (*status == 204 || *status == 304) return answer;
  std::string_view length = header_of(head, "Content-Length");
  if (length.empty()) length = header_of(head, "content-length");
  const auto bytes = number(length);
  if (!bytes || *bytes < 0) return malformed;
  answer.bytes += static_cast<std::size_t>(*bytes);
  return answer.bytes <= received.size() ? answer : Answer{};
}

// A reply is one value; an array is as many more as it says.
Answer parse_resp(std::string_view received) {
  Answer answer{Answer::State::whole, 0, 200};
  for (std::int64_t values = 1; values > 0; --values) {
    const std::size_t end = received.find("\r\n", answer.bytes);
    if (end == received.npos) return {};
    const std::string_view line = received.substr(answer.bytes, end - answer.bytes);
    if (line.empty()) return malformed;
    const char kind = line.front();
    answer.bytes = end + 2;
    if (kind == '-') answer.status = 500;
    if (kind == '+' || kind == '-' || kind == ':') continue;
    const auto size = number(line.substr(1));
    if (!size || (kind != '$' && kind != '*')) return malformed;
    if (*size < 0) {
      answer.status = 204;
    } else if (kind == '*') {
      values += *size;
    } else {
      answer.bytes += static_cast<std::size_t>(*size) + 2;
      if (answer.bytes > received.size()) return {};
    }
  }
  return answer;
}

}  // namespace

Answer parse_answer(Protocol protocol, std::string_view received) {
  return protocol == Protocol::http ? parse_http(received) : parse_resp(received);
}

std::string_view header_of(std::string_view answer, std::string_view name) {
  std::size_t at = 0;
  while ((at = answer.find("\r\n", at)) != answer.npos) {
    at += 2;
    const std::string_view line = answer.substr(at);
    if (line.starts_with("\r\n")) break;
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':') continue;
    std::string_view value = line.substr(name.size() + 1, line.find("\r\n") - name.size() - 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    return value;
  }
  return {};
}

}  // namespace yallchat::bench
