#include "http/answer.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "base/check.h"
#include "protocol/json.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

std::string_view phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Status";
  }
}

void write_header(std::string& out, std::string_view name, std::string_view value) {
  CHECK(value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos,
        "a header's value has no CR, LF or NUL");
  out.append(name).append(": ").append(value).append("\r\n");
}

// A detail quotes what the client sent: in a header it is ASCII without controls.
std::string header_text(std::string_view text) {
  std::string ascii = percent_encode_non_ascii(text);
  std::replace_if(
      ascii.begin(), ascii.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return ascii;
}

bool has_body(int status) {
  return status != 204 && status != 304 && status >= 200;
}

}  // namespace

Answer yes() {
  Answer answer;
  answer.body = "true";
  return answer;
}

Answer failed(const Failure& failure, bool as_problem) {
  Answer answer;
  answer.status = failure.status;
  answer.headers.emplace_back("reason", failure.reason);
  if (failure.status == 401) answer.headers.emplace_back("WWW-Authenticate", "session");
  if (may_be_tried_again(failure))
    answer.headers.emplace_back("Retry-After", std::to_string(failure.retry_after));
  if (!as_problem) {
    answer.body = "false";
    if (!failure.detail.empty()) answer.headers.emplace_back("detail", header_text(failure.detail));
    return answer;
  }
  answer.problem = true;
  answer.body = "{\"type\":" + json_string("urn:yallchat:problem:" + std::string(failure.reason)) +
                ",\"title\":" + json_string(phrase(failure.status)) +
                ",\"status\":" + std::to_string(failure.status) +
                ",\"detail\":" + json_string(failure.detail) +
                ",\"reason\":" + json_string(failure.reason) + "}";
  return answer;
}

void write_answer(std::string& out, const Answer& answer, const Delivery& delivery) {
  const std::string_view content = answer.content();
  out.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ");
  out.append(phrase(answer.status));
  out.append("\r\nyallchat: 1\r\nCache-Control: no-store\r\nVary: Accept");
  out.append(delivery.cors.origin.empty() ? "" : ", Origin").append("\r\nDate: ");
  out.append(delivery.date).append("\r\n");
  write_cors(out, delivery.cors);
  for (const auto& [name, value] : answer.headers) write_header(out, name, value);
  if (has_body(answer.status) && !answer.open_ended) {
    out.append("Content-Type: application/").append(answer.problem ? "problem+json" : "json");
    out.append("\r\nContent-Length: ").append(std::to_string(content.size())).append("\r\n");
  }
  if (!delivery.keep_alive)
    out.append("Connection: close\r\n");
  else if (delivery.http10)
    out.append("Connection: keep-alive\r\n");
  out.append("\r\n");
  if (has_body(answer.status) && !delivery.head) out.append(content);
}

std::string http_date(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm utc{};
  gmtime_r(&time, &utc);
  std::array<char, 32> text{};
  // The program never sets a locale, so the names are English.
  const std::size_t length =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text.data(), length};
}

}  // namespace yallchat
