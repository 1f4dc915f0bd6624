#include "http/body_reader.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "http/text.h"

namespace yallchat {
namespace {

using text::count_leading;

constexpr std::string_view line_break = "\r\n";
constexpr std::size_t most_digits = 16;  // of a size in hex

// Of which more is to come.
bool is_begun_line_break(std::string_view text) {
  return text.size() < line_break.size() && line_break.starts_with(text);
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

void take_blanks(std::string_view& text) {
  text.remove_prefix(count_leading(text, text::blank));
}

bool take_token(std::string_view& text) {
  const std::size_t length = count_leading(text, text::token);
  text.remove_prefix(length);
  return length != 0;
}

// Of a quoted string, what follows the first quote.
bool take_quoted(std::string_view& text) {
  while (!text.empty()) {
    if (take(text, '"')) return true;
    if (take(text, '\\') && text.empty()) return false;
    text.remove_prefix(1);
  }
  return false;
}

// RFC 9112, section 7.1.1. Nobody heeds them, but what is none is no chunk of HTTP's.
bool are_extensions(std::string_view text) {
  while (!text.empty()) {
    take_blanks(text);
    if (!take(text, ';')) return false;
    take_blanks(text);
    if (!take_token(text)) return false;
    std::string_view value = text;
    take_blanks(value);
    if (!take(value, '=')) continue;
    take_blanks(value);
    if (take(value, '"') ? !take_quoted(value) : !take_token(value)) return false;
    text = value;
  }
  return true;
}

// The size in a chunk's first line; nothing where that is none.
std::optional<std::uint64_t> size_of_chunk(std::string_view line) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  const auto digits = static_cast<std::size_t>(end - line.data());
  if (error != std::errc{} || digits > most_digits) return std::nullopt;
  line.remove_prefix(digits);
  if (!are_extensions(line)) return std::nullopt;
  return size;
}

}  // namespace

Failure too_long(std::size_t most_bytes) {
  return {413, "too-long", "a message has at most " + std::to_string(most_bytes) + " bytes"};
}

BodyReader::BodyReader(const Request& request, std::size_t max)
    : max_(max), chunked_(request.chunked()), left_(request.length().value_or(0)) {
  done_ = !chunked_ && left_ == 0;
  if (left_ > max_) fail_size();
}

std::size_t BodyReader::read(std::string_view bytes, Request& request) {
  std::size_t used = 0;
  for (;;) {
    if (done_ || failure_) return used;
    const std::string_view rest = bytes.substr(used);
    const std::size_t taken = left_ != 0 ? take_data(rest, request) : take_framing(rest, request);
    if (taken == 0) return used;
    used += taken;
  }
}

std::size_t BodyReader::take_data(std::string_view bytes, Request& request) {
  const std::size_t size = std::min<std::uint64_t>(left_, bytes.size());
  if (!chunked_) request.body_.reserve(request.body_.size() + left_);
  request.body_.append(bytes.substr(0, size));
  left_ -= size;
  done_ = !chunked_ && left_ == 0;
  return size;
}

// What stands between the data of chunks: the end of one and the first line of the next.
std::size_t BodyReader::take_framing(std::string_view bytes, const Request& request) {
  const std::size_t before = in_chunk_ ? line_break.size() : 0;
  if (in_chunk_ && !bytes.starts_with(line_break))
    return is_begun_line_break(bytes) ? 0 : fail_framing();
  const std::string_view rest = bytes.substr(before);
  const std::size_t end = text::count_until(rest, text::control);
  const std::string_view line = rest.substr(0, end);
  const std::string_view after = rest.substr(end);
  if (before + end > limits::chunk_framing_bytes) return fail_framing();
  if (is_begun_line_break(after)) return 0;
  const auto size = size_of_chunk(line);
  if (!after.starts_with(line_break) || !size) return fail_framing();
  const std::size_t taken = before + end + line_break.size();
  if (*size == 0) return take_last_chunk(bytes.substr(taken), taken);
  if (*size > max_ - request.body_.size()) {
    fail_size();
    return 0;
  }
  left_ = *size;
  in_chunk_ = true;
  return taken;
}

// after: what follows its line, of so many bytes. Nobody judges fields that come behind a body
// (RFC 9110, section 6.5.1), so there may be none.
std::size_t BodyReader::take_last_chunk(std::string_view after, std::size_t line) {
  if (is_begun_line_break(after)) return 0;
  if (!after.starts_with(line_break)) {
    if (text::is(after.front(), text::control)) return fail_framing();
    failure_ = Failure{400, "bad-request", "send no trailer fields after a chunked body"};
    return 0;
  }
  done_ = true;
  return line + line_break.size();
}

std::size_t BodyReader::fail_framing() {
  failure_ =
      Failure{400, "bad-request",
              "a chunk is its size in hex, CR LF, so many bytes, and CR LF; 0 ends the body"};
  return 0;
}

void BodyReader::fail_size() {
  failure_ = too_long(max_);
}

}  // namespace yallchat
