// A request's bytes: what the server reads has one meaning.
//
// Its reading (read_head, then BodyReader, as Connection drives them) is compared with that of
// strict_request.h, and of Beast, which many servers are built on: the same method, target, fields,
// body and end, or the server refuses.
#include <algorithm>
#include <array>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/check.h"
#include "base/limits.h"
#include "fuzz.h"
#include "http/body_reader.h"
#include "http/request_head.h"
#include "strict_request.h"

namespace yallchat {
namespace {

namespace http = boost::beast::http;
using Kind = HeadVerdict::Kind;

HeadVerdict verdict_on(std::string_view bytes) {
  Request request;
  return read_head(bytes, request);
}

// What was decided of some bytes stays so when more come; else a request's fate would depend on how
// the network cut it.
void check_prefix(std::string_view bytes, std::size_t length, const HeadVerdict& whole) {
  if (length > bytes.size()) return;
  const HeadVerdict verdict = verdict_on(bytes.substr(0, length));
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
    CHECK(verdict_on(bytes.substr(0, length)).kind == Kind::incomplete,
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

void check_head(const Request& request, const StrictHead& strict) {
  CHECK(request.method_name() == strict.method, "one method");
  const std::string_view target(strict.target);
  if (target.starts_with('/'))
    CHECK(request.path() == target.substr(0, target.find_first_of("?#")), "one path");
  CHECK(request.http10() == (strict.version == 10), "one version");
  for (const auto& [name, values] : strict.fields) check_field(request, name, values);
  CHECK(request.chunked() == strict.chunked, "one framing");
  CHECK(request.length() == strict.length, "one length");
}

// Whether any Connection field has the option "close".
template <class Fields>
bool says_close(const Fields& fields) {
  const auto [first, last] = fields.equal_range(http::field::connection);
  return std::any_of(first, last,
                     [](const auto& f) { return http::token_list(f.value()).exists("close"); });
}

// Where Beast reads the head too, which is stricter about Connection, it reads the same.
void check_beast(std::string_view head, const Request& request) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(limits::head_bytes);
  parser.body_limit(boost::none);
  boost::system::error_code error;
  const std::size_t used = parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (error && error != http::error::need_more) return;
  CHECK(parser.is_header_done() && used == head.size(), "Beast sees one end of the head");
  const auto& other = parser.get();
  CHECK(other.method_string() == request.method_name(), "Beast reads one method");
  CHECK(other.version() == (request.http10() ? 10U : 11U), "Beast reads one version");
  // In HTTP/1.0 Beast heeds keep-alive though close is said too; close is the stronger (RFC 9112,
  // section 9.3).
  const bool keep_alive = parser.keep_alive() && !says_close(other);
  CHECK(keep_alive == request.keep_alive() || other.count("Proxy-Connection") != 0,
        "Beast keeps the connection as long");
  CHECK(parser.chunked() == request.chunked(), "Beast reads one framing");
  CHECK(parser.content_length().value_or(0) == request.length().value_or(0),
        "Beast reads one length");
  for (const auto& field : other)
    CHECK(
        request.any_header(field.name_string(), [&](auto value) { return value == field.value(); }),
        "Beast reads the same fields");
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

// The body, in pieces, as Connection reads it.
struct Taken {
  std::string body;
  std::size_t used = 0;
  int failure = 0;  // its status
  bool done = false;

  bool operator==(const Taken&) const = default;
};

Taken take_body(std::string_view head, std::string_view bytes, Cut cut) {
  Request request;
  CHECK(read_head(head, request).kind == Kind::complete, "a head that was read is read again");
  BodyReader reader(request, limits::max_message);
  std::size_t used = 0;
  for (std::size_t have = 0; have < bytes.size() && !reader.is_done() && !reader.failure();) {
    have += cut.next(bytes.size() - have);
    used += reader.read(bytes.substr(used, have - used), request);
  }
  if (reader.failure()) return {"", 0, reader.failure()->status, false};
  return {std::string(request.body()), used, 0, reader.is_done()};
}

void check_body(std::string_view head, std::string_view bytes, const StrictHead& strict) {
  const auto seed = static_cast<std::uint32_t>(bytes.size());
  const Taken taken = take_body(head, bytes, {13, seed});
  for (const std::size_t most : {1, 12})
    CHECK(take_body(head, bytes, {most, seed}) == taken, "however a body is cut, it is the same");
  const auto body = read_strict_body(strict, bytes);
  if (!taken.done) {
    const bool too_long = taken.failure == 413 && body && body->text.size() > limits::max_message;
    // A server may bound what stands between chunks (RFC 9112, section 7.1.1).
    CHECK(!body || too_long || body->most_framing > limits::chunk_framing_bytes,
          "a body that is whole and short enough is taken");
    return;
  }
  CHECK(body.has_value(), "a body that was taken is whole");
  CHECK(taken.used == body->size, "one end");
  CHECK(taken.body == body->text, "one body for the handler");
}

void check_request(std::string_view bytes) {
  Request request;
  const HeadVerdict verdict = read_head(bytes, request);
  check_prefixes(bytes, verdict);
  if (verdict.kind == Kind::refused) check_refusal(verdict);
  if (verdict.kind != Kind::complete) return;
  const auto strict = read_strict_head(bytes);
  CHECK(strict.has_value(), "what the server reads has one meaning");
  CHECK(strict->end == verdict.skipped + verdict.length, "one end of the head");
  const std::string_view head = bytes.substr(verdict.skipped, verdict.length);
  check_head(request, *strict);
  check_beast(head, request);
  check_body(head, bytes.substr(strict->end), *strict);
}

}  // namespace
}  // namespace yallchat

int fuzz_request(const std::uint8_t* data, std::size_t size) {
  if (size > 0) yallchat::check_request(yallchat::text_of_input(data, size));
  return 0;
}
