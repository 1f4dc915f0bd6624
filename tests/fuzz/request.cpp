// A request's bytes: what the scan of the head lets through has one meaning.
//
// The server's reading (scan_head, then Beast's parser, as Connection drives them) is compared with
// that of strict_request.h: the same method, target, fields, body and end, or the server refuses.
#include <algorithm>
#include <array>
#include <boost/beast/http/error.hpp>

#include "base/check.h"
#include "base/limits.h"
#include "fuzz.h"
#include "http/head_scan.h"
#include "http/request_parser.h"
#include "strict_request.h"

namespace yallchat {
namespace {

namespace http = boost::beast::http;
using Kind = HeadVerdict::Kind;

// What was decided of some bytes stays so when more come; else a request's fate would depend on how
// the network cut it.
void check_prefix(std::string_view bytes, std::size_t length, const HeadVerdict& whole) {
  if (length > bytes.size()) return;
  const HeadVerdict verdict = scan_head(bytes.substr(0, length));
  switch (verdict.kind) {
    case Kind::incomplete: break;
    case Kind::complete:
      CHECK(whole.kind == Kind::complete && whole.length == verdict.length &&
                whole.skipped == verdict.skipped,
            "a complete head stays as it is when more comes");
      break;
    case Kind::refused: CHECK(whole.kind == Kind::refused, "a refused head stays refused"); break;
  }
}

void check_prefixes(std::string_view bytes, const HeadVerdict& whole) {
  const std::size_t end = whole.skipped + whole.length;
  for (const std::size_t length : {std::size_t{1}, bytes.size() / 4, bytes.size() / 2,
                                   bytes.size() - bytes.size() / 4, bytes.size() - 1})
    check_prefix(bytes, length, whole);
  if (whole.kind != Kind::complete) return;
  for (std::size_t length = end - 2; length < end; ++length)
    CHECK(scan_head(bytes.substr(0, length)).kind == Kind::incomplete,
          "a head is complete with its last byte and not before");
  check_prefix(bytes, end, whole);
}

void check_refusal(const HeadVerdict& verdict) {
  constexpr std::array<int, 5> statuses{400, 414, 431, 501, 505};
  CHECK(std::find(statuses.begin(), statuses.end(), verdict.status) != statuses.end(),
        "a status of the table of bad input");
  CHECK(!verdict.reason.empty() && is_clean(verdict.reason) && is_clean(verdict.detail),
        "what is said of it can stand in a header");
}

// False where the parser refuses.
bool parse_head(RequestParser& parser, std::string_view head) {
  boost::system::error_code error;
  parser.put_head(head, error);
  if (error && error != http::error::need_more) return false;
  CHECK(parser.is_header_done(), "the parser sees the end of the head where the scan does");
  return true;
}

// What the parser may refuse for itself: a list that is none (RFC 9110, section 7.6.1), and a
// length that is too large.
bool may_be_refused(const StrictHead& head) {
  return head.fields.contains("connection") || head.fields.contains("proxy-connection") ||
         head.length.value_or(0) > limits::max_message;
}

void check_field(const Request& request, const std::string& name,
                 const std::vector<std::string>& values) {
  CHECK(request.header_count(name) == values.size(), "each field as often");
  CHECK(request.header(name) == values.front(), "the first value first");
  for (const std::string& value : values) {
    CHECK(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
          "no value has a line's end in it");
    CHECK(request.any_header(name, [&](std::string_view v) { return v == value; }),
          "the same values");
  }
}

void check_head(const RequestParser& parser, const StrictHead& strict) {
  const Request& request = parser.request();
  CHECK(request.method_name() == strict.method, "one method");
  const std::string_view target(strict.target);
  if (target.starts_with('/'))
    CHECK(request.path() == target.substr(0, target.find_first_of("?#")), "one path");
  CHECK(request.http10() == (strict.version == 10), "one version");
  for (const auto& [name, values] : strict.fields) check_field(request, name, values);
  CHECK(parser.chunked() == strict.chunked, "one framing");
  const auto length = parser.content_length();
  CHECK(strict.chunked || (length ? *length : 0) == strict.length.value_or(0), "one length");
}

// How the network cuts a body: at once, or in small pieces whose sizes the seed decides.
struct Cut {
  std::size_t most;  // 1 to 12 bytes; more is at once
  std::uint32_t seed;

  std::size_t next(std::size_t left) {
    seed = seed * 1664525 + 1013904223;
    return std::min(left, most > 12 ? left : (seed >> 16) % most + 1);
  }
};

// The body, in pieces, as Connection reads it. Nothing where it is refused or not whole; else how
// many bytes it took.
std::optional<std::size_t> parse_body(RequestParser& parser, std::string_view bytes, Cut cut) {
  std::size_t used = 0;
  boost::system::error_code error;
  for (std::size_t have = 0; have < bytes.size() && !parser.is_done();) {
    have += cut.next(bytes.size() - have);
    error = {};
    used += parser.put_body(bytes.substr(used, have - used), error);
    if (error && error != http::error::need_more) return std::nullopt;
  }
  if (!parser.is_done() || parser.has_trailer()) return std::nullopt;
  return used;
}

// A server may bound what stands between the chunks (RFC 9112, section 7.1.1).
bool has_long_framing(std::string_view bytes) {
  return bytes.size() > limits::chunk_framing_bytes;
}

void check_body(std::string_view head, std::string_view bytes, const StrictHead& strict, Cut cut) {
  RequestParser parser(limits::max_message);
  CHECK(parse_head(parser, head), "a head that was read is read again");
  const auto used = parse_body(parser, bytes, cut);
  const auto body = read_strict_body(strict, bytes);
  if (!used) {
    const bool too_long = body && body->text.size() > limits::max_message;
    CHECK(!body || too_long || (strict.chunked && has_long_framing(bytes)),
          "a body that is whole and short enough is taken");
    return;
  }
  CHECK(body.has_value(), "a body that was taken is whole");
  CHECK(*used == body->size, "one end");
  const Request& request = parser.request();
  CHECK(request.framed() == (strict.chunked || strict.length.has_value()), "one framing");
  CHECK(request.body() == body->text, "one body for the handler");
}

void check_request(std::string_view bytes) {
  const HeadVerdict verdict = scan_head(bytes);
  check_prefixes(bytes, verdict);
  if (verdict.kind == Kind::refused) check_refusal(verdict);
  if (verdict.kind != Kind::complete) return;
  const auto strict = read_strict_head(bytes);
  CHECK(strict.has_value(), "what the scan lets through has one meaning");
  CHECK(strict->end == verdict.skipped + verdict.length, "one end of the head");
  const std::string_view head = bytes.substr(verdict.skipped, verdict.length);
  RequestParser parser(limits::max_message);
  if (!parse_head(parser, head)) {
    CHECK(may_be_refused(*strict), "what the scan lets through the parser takes");
    return;
  }
  check_head(parser, *strict);
  const std::string_view rest = bytes.substr(strict->end);
  const auto seed = static_cast<std::uint32_t>(bytes.size());
  for (const std::size_t most : {1, 12, 13}) check_body(head, rest, *strict, {most, seed});
}

}  // namespace
}  // namespace yallchat

int fuzz_request(const std::uint8_t* data, std::size_t size) {
  if (size > 0) yallchat::check_request(yallchat::text_of_input(data, size));
  return 0;
}
