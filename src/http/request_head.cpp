#include "http/request_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/limits.h"
#include "http/text.h"

namespace yallchat {
namespace {

using Head = Request::Head;

constexpr HeadVerdict refuse(int status, std::string_view reason, std::string_view detail) {
  return {HeadVerdict::Kind::refused, 0, 0, status, reason, detail};
}
constexpr HeadVerdict bad(std::string_view detail) {
  return refuse(400, "bad-request", detail);
}
constexpr HeadVerdict fine() {
  return {};
}
constexpr HeadVerdict too_many_fields() {
  return refuse(431, "too-many-fields", "a request has at most 64 header fields");
}
bool refused(const HeadVerdict& verdict) {
  return verdict.kind == HeadVerdict::Kind::refused;
}

constexpr std::string_view line_break = "\r\n";
constexpr std::string_view end_of_head = "\r\n\r\n";

// --- The request line ---

constexpr std::array<std::pair<std::string_view, Method>, 9> methods{{
    {"GET", Method::get},
    {"PUT", Method::put},
    {"POST", Method::post},
    {"HEAD", Method::head},
    {"OPTIONS", Method::options},
    // Known to RFC 9110 and 5789, and allowed on no resource of ours.
    {"DELETE", Method::other},
    {"PATCH", Method::other},
    {"TRACE", Method::other},
    {"CONNECT", Method::other},
}};

Method method_of(std::string_view name) {
  const auto found = std::find_if(methods.begin(), methods.end(),
                                  [&](const auto& method) { return method.first == name; });
  return found == methods.end() ? Method::unknown : found->second;
}

HeadVerdict read_version(std::string_view version, Head& head) {
  head.http10 = version == "HTTP/1.0";
  if (head.http10 || version == "HTTP/1.1") return fine();
  const std::string_view number =
      version.substr(0, 5) == "HTTP/" ? version.substr(5) : std::string_view();
  const std::size_t dot = number.find('.');
  if (text::is_digits(number) || (dot != number.npos && text::is_digits(number.substr(0, dot)) &&
                                  text::is_digits(number.substr(dot + 1))))
    return refuse(505, "http-version", "speak HTTP/1.1 or HTTP/1.0");
  return bad("the request line does not end in HTTP/1.1 or HTTP/1.0");
}

// Of the whole request line: the target, and room for method and version. Counted so, a line that
// came in pieces is refused like one that came at once.
constexpr std::size_t line_bytes = limits::target_bytes + 64;

HeadVerdict too_long() {
  return refuse(414, "target-too-long", "a target has at most 4096 bytes");
}

HeadVerdict read_request_line(std::string_view line, Head& head) {
  if (line.size() > line_bytes) return too_long();
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == line.npos || first == last)
    return bad("the request line is not METHOD TARGET VERSION");
  head.method_name = line.substr(0, first);
  head.method = method_of(head.method_name);
  head.target = line.substr(first + 1, last - first - 1);
  if (head.method_name.empty() || !text::is_all(head.method_name, text::token))
    return bad("the method is not a token");
  if (head.target.empty() || head.target.find(' ') != line.npos)
    return bad("the target is empty or has a space; write a space as %20");
  if (text::count_until(head.target, text::control | text::blank) != head.target.size())
    return bad("the request line has a control character, or does not end in CR LF");
  if (head.target.size() > limits::target_bytes) return too_long();
  return read_version(line.substr(last + 1), head);
}

// --- Fields ---

// What the fields say about framing and routing, beyond what is kept.
struct Framing {
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
  bool close = false;  // in Connection (RFC 9112, section 9.3)
  bool stay = false;
};

bool is_port(std::string_view digits) {
  if (digits.empty()) return true;
  unsigned port = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return text::is_digits(digits) && digits.size() <= 5 && port <= 65535;
}

// RFC 9110, section 7.2: host[:port], where an IPv6 address stands in brackets.
bool is_host(std::string_view value) {
  if (value.empty() || !text::is_all(value, text::host)) return false;
  const std::size_t bracket = value.find(']');
  const bool literal = value.front() == '[';
  if (literal != (bracket != value.npos)) return false;
  const std::string_view name = value.substr(0, literal ? bracket + 1 : value.find(':'));
  const std::string_view rest = value.substr(name.size());
  if (name.empty() || name.find('[', 1) != name.npos) return false;
  return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
}

void read_connection(std::string_view value, Framing& framing) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view option = text::trim(value.substr(0, comma));
    framing.close |= text::equal_fold(option, "close");
    framing.stay |= text::equal_fold(option, "keep-alive");
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
}

HeadVerdict read_length(std::string_view value, Head& head) {
  if (!text::is_digits(value) || value.size() > 18)
    return bad("the Content-Length is not one number of digits");
  std::uint64_t length = 0;
  std::from_chars(value.data(), value.data() + value.size(), length);
  head.length = length;
  return fine();
}

// What the server itself must know of a field; handlers look for the others.
HeadVerdict heed(const Request::Field& field, Head& head, Framing& framing) {
  if (field.is("host")) {
    ++framing.hosts;
    if (!is_host(field.value)) return bad("the Host is not a host");
  } else if (field.is("connection")) {
    read_connection(field.value, framing);
  } else if (field.is("content-length")) {
    ++framing.lengths;
    return read_length(field.value, head);
  } else if (field.is("transfer-encoding")) {
    ++framing.codings;
    head.chunked = text::equal_fold(field.value, "chunked");
  }
  return fine();
}

// Takes the first line off the rest of a head.
HeadVerdict read_field(std::string_view& rest, Head& head, Framing& framing) {
  if (text::is(rest.front(), text::blank)) return bad("a folded header field");
  const std::size_t name = text::count_leading(rest, text::token);
  if (name == 0 || rest[name] != ':') {
    const std::string_view line = rest.substr(0, rest.find(line_break));
    return line.find(':') == line.npos
               ? bad("a header field without a colon")
               : bad("a header field's name is not a token right before the colon");
  }
  const std::string_view after = rest.substr(name + 1);
  const std::size_t value = text::count_until(after, text::control);
  if (after.substr(value, line_break.size()) != line_break)
    return bad("a header field has a control character, or does not end in CR LF");
  const Request::Field field{rest.substr(0, name), text::trim(after.substr(0, value))};
  if (const auto verdict = heed(field, head, framing); refused(verdict)) return verdict;
  head.fields.push_back(field);
  rest = after.substr(value + line_break.size());
  return fine();
}

HeadVerdict judge(const Framing& framing, const Head& head) {
  if (framing.hosts > 1) return bad("more than one Host");
  if (framing.hosts == 0 && !head.http10) return bad("HTTP/1.1 needs a Host");
  if (framing.lengths > 1) return bad("more than one Content-Length");
  if (framing.lengths != 0 && framing.codings != 0)
    return bad("both Content-Length and Transfer-Encoding");
  if (framing.codings != 0 && (head.http10 || framing.codings > 1 || !head.chunked))
    return refuse(501, "transfer-encoding", "the only Transfer-Encoding is chunked, in HTTP/1.1");
  return fine();
}

// --- Heads ---

// Control characters are refused wherever they stand, so a line that does not end in CR LF is too.
HeadVerdict read_complete(Head& head) {
  std::string_view rest = head.text;
  const std::size_t end = rest.find(line_break);
  if (const auto verdict = read_request_line(rest.substr(0, end), head); refused(verdict))
    return verdict;
  rest.remove_prefix(end + line_break.size());
  Framing framing;
  while (rest != line_break) {
    if (head.fields.size() == limits::head_fields) return too_many_fields();
    if (const auto verdict = read_field(rest, head, framing); refused(verdict)) return verdict;
  }
  head.keep_alive = !framing.close && (!head.http10 || framing.stay);
  return judge(framing, head);
}

bool is_line_end(char c) {
  return c == '\r' || c == '\n' || c == '\0';  // NUL, which no line may have either
}

// What can be told of a head before its end has come: whether all its lines end in CR LF.
HeadVerdict judge_incomplete(std::string_view bytes) {
  std::size_t line = 0;
  std::size_t fields = 0;
  for (;;) {
    std::size_t end = line;
    while (end < bytes.size() && !is_line_end(bytes[end])) ++end;
    if (end == bytes.size() || (bytes[end] == '\r' && end + 1 == bytes.size())) {
      // A CR at the end is not of the line.
      if (line == 0 && end > line_bytes) return too_long();
      return fine();
    }
    if (bytes[end] != '\r' || bytes[end + 1] != '\n')
      return bad("a line of the head does not end in CR LF, or has CR, LF or NUL in it");
    if (line != 0 && ++fields > limits::head_fields) return too_many_fields();
    line = end + 2;
  }
}

}  // namespace

HeadVerdict read_head(std::string_view bytes, Request& request) {
  std::size_t skipped = 0;
  while (skipped < 4 && bytes.substr(skipped, 2) == line_break) skipped += 2;
  bytes.remove_prefix(skipped);
  const std::size_t end = bytes.substr(0, limits::head_bytes).find(end_of_head);
  if (end == bytes.npos) {
    HeadVerdict verdict = judge_incomplete(bytes.substr(0, limits::head_bytes));
    if (!refused(verdict) && bytes.size() >= limits::head_bytes)
      return refuse(431, "head-too-large", "a request's head has at most 16 KiB");
    verdict.skipped = skipped;
    return verdict;
  }
  const std::size_t length = end + end_of_head.size();
  request.head_.text = bytes.substr(0, length);
  HeadVerdict verdict = read_complete(request.head_);
  if (refused(verdict)) return verdict;
  request.split_target();
  verdict.kind = HeadVerdict::Kind::complete;
  verdict.skipped = skipped;
  verdict.length = length;
  return verdict;
}

}  // namespace yallchat
