#include "strict_request.h"

#include <algorithm>

namespace yallchat {
namespace {

// Characters as the grammars call them (RFC 5234, appendix B.1; RFC 9110, sections 5.5 and 5.6.2).
bool is_digit(unsigned char c) {
  return '0' <= c && c <= '9';
}
bool is_alpha(unsigned char c) {
  return ('A' <= c && c <= 'Z') || ('a' <= c && c <= 'z');
}
bool is_tchar(unsigned char c) {
  return is_digit(c) || is_alpha(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
}
bool is_visible(unsigned char c) {  // VCHAR or obs-text
  return c > 0x20 && c != 0x7F;
}
bool is_text(unsigned char c) {
  return is_visible(c) || c == ' ' || c == '\t';
}

// Whether it has at least one character and all are of that kind.
bool is_all(std::string_view text, bool (*kind)(unsigned char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [kind](char c) {
    return kind(static_cast<unsigned char>(c));
  });
}

int hex_digit(unsigned char c) {
  if (is_digit(c)) return c - '0';
  const unsigned lower = c | 0x20U;
  return 'a' <= lower && lower <= 'f' ? static_cast<int>(lower - 'a') + 10 : -1;
}

std::string lower(std::string text) {
  for (char& c : text)
    if ('A' <= c && c <= 'Z') c = static_cast<char>(c | 0x20);
  return text;
}

// The line up to the next CR LF, which is taken off; nothing where there is none, or a CR, LF or
// NUL is in it.
std::optional<std::string_view> take_line(std::string_view& bytes) {
  const auto end = bytes.find("\r\n");
  if (end == bytes.npos) return std::nullopt;
  const std::string_view line = bytes.substr(0, end);
  if (line.find_first_of(std::string_view("\r\n\0", 3)) != line.npos) return std::nullopt;
  bytes.remove_prefix(end + 2);
  return line;
}

bool read_request_line(std::string_view line, StrictHead& head) {
  const auto first = line.find(' ');
  if (first == line.npos) return false;
  const auto second = line.find(' ', first + 1);
  if (second == line.npos) return false;
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, second - first - 1);
  const std::string_view version = line.substr(second + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return false;
  head.version = version == "HTTP/1.1" ? 11 : 10;
  return is_all(head.method, is_tchar) && is_all(head.target, is_visible);
}

bool read_field(std::string_view line, StrictHead& head) {
  const auto colon = line.find(':');
  if (colon == line.npos || !is_all(line.substr(0, colon), is_tchar)) return false;
  const std::string_view rest = line.substr(colon + 1);
  if (!rest.empty() && !is_all(rest, is_text)) return false;
  std::string value;
  if (const auto first = rest.find_first_not_of(" \t"); first != rest.npos)
    value = rest.substr(first, rest.find_last_not_of(" \t") + 1 - first);
  head.fields[lower(std::string(line.substr(0, colon)))].push_back(std::move(value));
  return true;
}

// RFC 9112, sections 3.2, 6.1 and 6.3.
bool read_framing(StrictHead& head) {
  const std::size_t hosts = head.fields.count("host") != 0 ? head.fields["host"].size() : 0;
  if (hosts > 1 || (hosts == 0 && head.version == 11)) return false;
  const auto lengths = head.fields.find("content-length");
  const auto codings = head.fields.find("transfer-encoding");
  if (lengths != head.fields.end() && codings != head.fields.end()) return false;
  if (lengths != head.fields.end()) {
    const std::string& digits = lengths->second.front();
    if (lengths->second.size() != 1 || !is_all(digits, is_digit) || digits.size() > 18)
      return false;
    head.length = std::stoull(digits);
  }
  if (codings != head.fields.end()) {
    head.chunked = codings->second.size() == 1 && lower(codings->second.front()) == "chunked";
    if (!head.chunked || head.version != 11) return false;
  }
  return true;
}

// Takes what is of that kind off the front; says how much.
std::size_t take_all(std::string_view& text, bool (*kind)(unsigned char)) {
  const auto end = std::find_if_not(text.begin(), text.end(),
                                    [kind](char c) { return kind(static_cast<unsigned char>(c)); });
  const auto taken = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(taken);
  return taken;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// What follows the opening quote.
bool take_quoted(std::string_view& text) {
  while (!text.empty() && is_text(static_cast<unsigned char>(text.front()))) {
    if (take(text, '"')) return true;
    const bool pair = take(text, '\\');
    if (pair && (text.empty() || !is_text(static_cast<unsigned char>(text.front())))) return false;
    text.remove_prefix(1);
  }
  return false;
}

// Whether the text is any number of extensions of a chunk. RFC 9112, section 7.1.1.
bool is_extensions(std::string_view text) {
  const auto blank = [](unsigned char c) { return c == ' ' || c == '\t'; };
  while (!text.empty()) {
    take_all(text, blank);
    if (!take(text, ';')) return false;
    take_all(text, blank);
    if (take_all(text, is_tchar) == 0) return false;
    std::string_view value = text;
    take_all(value, blank);
    if (!take(value, '=')) continue;
    take_all(value, blank);
    if (take(value, '"') ? !take_quoted(value) : take_all(value, is_tchar) == 0) return false;
    text = value;
  }
  return true;
}

// The size in the first line of a chunk; nothing where it is no such line. RFC 9112, section 7.1.
std::optional<std::uint64_t> chunk_size(std::string_view line) {
  const auto hex = [](unsigned char c) { return hex_digit(c) >= 0; };
  std::string_view extensions = line;
  const std::size_t digits = take_all(extensions, hex);
  if (digits == 0 || digits > 16 || !is_extensions(extensions)) return std::nullopt;
  return std::stoull(std::string(line.substr(0, digits)), nullptr, 16);
}

// One chunk, appended to the body; nothing where it cannot be read, else whether it was the last.
std::optional<bool> take_chunk(std::string_view& bytes, StrictBody& body) {
  const auto line = take_line(bytes);
  if (!line) return std::nullopt;
  const auto size = chunk_size(*line);
  if (!size) return std::nullopt;
  const std::size_t framing = line->size() + (body.text.empty() ? 0 : 2);
  body.most_framing = std::max(body.most_framing, framing);
  if (*size > bytes.size() || !bytes.substr(*size).starts_with("\r\n")) return std::nullopt;
  body.text.append(bytes.substr(0, *size));
  bytes.remove_prefix(*size + 2);
  return *size == 0;
}

}  // namespace

std::optional<StrictHead> read_strict_head(std::string_view bytes) {
  const std::size_t all = bytes.size();
  while (bytes.starts_with("\r\n")) bytes.remove_prefix(2);
  StrictHead head;
  const auto request_line = take_line(bytes);
  if (!request_line || !read_request_line(*request_line, head)) return std::nullopt;
  for (;;) {
    const auto line = take_line(bytes);
    if (!line) return std::nullopt;
    if (line->empty()) break;
    if (!read_field(*line, head)) return std::nullopt;
  }
  if (!read_framing(head)) return std::nullopt;
  head.end = all - bytes.size();
  return head;
}

std::optional<StrictBody> read_strict_body(const StrictHead& head, std::string_view bytes) {
  StrictBody body;
  if (!head.chunked) {
    body.size = head.length.value_or(0);
    if (body.size > bytes.size()) return std::nullopt;
    body.text = bytes.substr(0, body.size);
    return body;
  }
  std::string_view rest = bytes;
  for (;;) {
    const auto last = take_chunk(rest, body);
    if (!last) return std::nullopt;
    if (*last) break;
  }
  body.size = bytes.size() - rest.size();
  return body;
}

}  // namespace yallchat
