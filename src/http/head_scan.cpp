#include "http/head_scan.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/limits.h"

namespace yallchat {
namespace {

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

// What a byte may be part of. Every byte of every head is looked at, so by one table.
enum Class : std::uint8_t {
  token = 1,    // RFC 9110, section 5.6.2
  host = 2,     // RFC 3986, section 3.2: host[:port]. Raw bytes beyond ASCII never are
  control = 4,  // but for the tab, which a field's value may have
  tab = 8,
  line_end = 16,  // CR and LF; NUL, which no line may have either
};

constexpr std::array<std::uint8_t, 256> class_table = [] {
  std::array<std::uint8_t, 256> table{};
  const auto add = [&](std::string_view bytes, unsigned what) {
    for (const char c : bytes)
      table[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(what);
  };
  add("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", token | host);
  add("!#$%&'*+-.^_`|~", token);
  add("-._~!$&'()*+,;=:[]%", host);
  for (unsigned c = 0; c < 0x20; ++c) table[c] |= control;
  table[0x7F] |= control;
  table['\t'] = tab;
  add(std::string_view("\r\n\0", 3), line_end);
  return table;
}();

bool is(char c, unsigned classes) {
  return (class_table[static_cast<unsigned char>(c)] & classes) != 0;
}

bool all(std::string_view text, unsigned classes) {
  return std::all_of(text.begin(), text.end(), [=](char c) { return is(c, classes); });
}

bool any(std::string_view text, unsigned classes) {
  return std::any_of(text.begin(), text.end(), [=](char c) { return is(c, classes); });
}

bool is_token(std::string_view text) {
  return !text.empty() && all(text, token);
}

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool equal_fold(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(x) == lower(y);
  });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

HeadVerdict scan_version(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return fine();
  const std::string_view number =
      version.substr(0, 5) == "HTTP/" ? version.substr(5) : std::string_view();
  const std::size_t dot = number.find('.');
  if (is_digits(number) ||
      (dot != number.npos && is_digits(number.substr(0, dot)) && is_digits(number.substr(dot + 1))))
    return refuse(505, "http-version", "speak HTTP/1.1 or HTTP/1.0");
  return bad("the request line does not end in HTTP/1.1 or HTTP/1.0");
}

// Of the whole request line: the target, and room for method and version. Counted so, a line that
// came in pieces is refused like one that came at once.
constexpr std::size_t line_bytes = limits::target_bytes + 64;

HeadVerdict too_long() {
  return refuse(414, "target-too-long", "a target has at most 4096 bytes");
}

HeadVerdict scan_request_line(std::string_view line) {
  if (line.size() > line_bytes) return too_long();
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == line.npos || first == last)
    return bad("the request line is not METHOD TARGET VERSION");
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (!is_token(line.substr(0, first))) return bad("the method is not a token");
  if (target.empty() || target.find(' ') != target.npos)
    return bad("the target is empty or has a space; write a space as %20");
  if (any(target, control | tab))
    return bad("the request line has a control character, or does not end in CR LF");
  if (target.size() > limits::target_bytes) return too_long();
  return scan_version(line.substr(last + 1));
}

// What the fields say about framing and routing.
struct Framing {
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
  bool chunked = true;  // all codings are exactly "chunked"
};

bool is_port(std::string_view text) {
  return text.empty() ||
         (is_digits(text) && text.size() <= 5 && std::stoi(std::string(text)) <= 65535);
}

// RFC 9110, section 7.2: host[:port], where an IPv6 address stands in brackets.
bool is_host(std::string_view value) {
  if (value.empty() || !all(value, host)) return false;
  const std::size_t bracket = value.find(']');
  const bool literal = value.front() == '[';
  if (literal != (bracket != value.npos)) return false;
  const std::string_view name = value.substr(0, literal ? bracket + 1 : value.find(':'));
  const std::string_view rest = value.substr(name.size());
  if (name.empty() || name.find('[', 1) != name.npos) return false;
  return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
}

HeadVerdict scan_field(std::string_view line, Framing& framing) {
  if (line.front() == ' ' || line.front() == '\t') return bad("a folded header field");
  const std::size_t colon = line.find(':');
  if (colon == line.npos) return bad("a header field without a colon");
  const std::string_view name = line.substr(0, colon);
  if (!is_token(name)) return bad("a header field's name is not a token right before the colon");
  const std::string_view value = trim(line.substr(colon + 1));
  if (any(value, control))
    return bad("a header field has a control character, or does not end in CR LF");
  if (equal_fold(name, "host")) {
    ++framing.hosts;
    if (!is_host(value)) return bad("the Host is not a host");
  } else if (equal_fold(name, "content-length")) {
    ++framing.lengths;
    if (!is_digits(value) || value.size() > 18)
      return bad("the Content-Length is not one number of digits");
  } else if (equal_fold(name, "transfer-encoding")) {
    ++framing.codings;
    framing.chunked = framing.chunked && equal_fold(value, "chunked");
  }
  return fine();
}

HeadVerdict judge(const Framing& framing, bool http10) {
  if (framing.hosts > 1) return bad("more than one Host");
  if (framing.hosts == 0 && !http10) return bad("HTTP/1.1 needs a Host");
  if (framing.lengths > 1) return bad("more than one Content-Length");
  if (framing.lengths != 0 && framing.codings != 0)
    return bad("both Content-Length and Transfer-Encoding");
  if (framing.codings != 0 && (http10 || framing.codings > 1 || !framing.chunked))
    return refuse(501, "transfer-encoding", "the only Transfer-Encoding is chunked, in HTTP/1.1");
  return fine();
}

// What can be told of a head before its end has come: whether all its lines end in CR LF.
HeadVerdict scan_lines(std::string_view bytes) {
  std::size_t line = 0;
  std::size_t fields = 0;
  for (;;) {
    std::size_t end = line;
    while (end < bytes.size() && !is(bytes[end], line_end)) ++end;
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

// Control characters are refused wherever they stand, so a line that does not end in CR LF is too.
HeadVerdict scan_complete(std::string_view head) {
  const std::size_t first_end = head.find(line_break);
  const std::string_view request_line = head.substr(0, first_end);
  if (const auto verdict = scan_request_line(request_line); refused(verdict)) return verdict;
  Framing framing;
  std::size_t fields = 0;
  std::size_t line = first_end + 2;
  while (line + 2 < head.size()) {
    if (++fields > limits::head_fields) return too_many_fields();
    const std::size_t end = head.find(line_break, line);
    if (const auto verdict = scan_field(head.substr(line, end - line), framing); refused(verdict))
      return verdict;
    line = end + 2;
  }
  return judge(framing, request_line.ends_with("HTTP/1.0"));
}

}  // namespace

HeadVerdict scan_head(std::string_view bytes) {
  std::size_t skipped = 0;
  while (skipped < 4 && bytes.substr(skipped, 2) == "\r\n") skipped += 2;
  bytes.remove_prefix(skipped);
  const std::size_t end = bytes.substr(0, limits::head_bytes).find(end_of_head);
  if (end == bytes.npos) {
    HeadVerdict verdict = scan_lines(bytes.substr(0, limits::head_bytes));
    if (!refused(verdict) && bytes.size() >= limits::head_bytes)
      return refuse(431, "head-too-large", "a request's head has at most 16 KiB");
    verdict.skipped = skipped;
    return verdict;
  }
  const std::size_t length = end + end_of_head.size();
  HeadVerdict verdict = scan_complete(bytes.substr(0, length));
  if (refused(verdict)) return verdict;
  verdict.kind = HeadVerdict::Kind::complete;
  verdict.skipped = skipped;
  verdict.length = length;
  return verdict;
}

}  // namespace yallchat
