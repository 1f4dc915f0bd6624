#include "http/chunk_scan.h"

#include <algorithm>

#include "base/limits.h"

namespace yallchat {
namespace {

constexpr std::string_view line_break = "\r\n";

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}

// CR and LF stand together only; the LF of a CR at the end may be still to come.
bool has_stray_control(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (!is_control(bytes[i])) continue;
    if (bytes[i] != '\r') return true;
    if (i + 1 == bytes.size()) return false;
    if (bytes[++i] != '\n') return true;
  }
  return false;
}

bool has_open_quote(std::string_view line) {
  bool open = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') open = !open;
    if (open && line[i] == '\\') ++i;
  }
  return open;
}

bool is_last_chunk(std::string_view line) {
  const std::size_t digits = line.find_first_not_of('0');
  return !line.empty() && digits != 0 &&
         (digits == line.npos || line[digits] == ';' || line[digits] == ' ' ||
          line[digits] == '\t');
}

}  // namespace

bool is_broken_chunk_framing(std::string_view bytes, bool given) {
  if (bytes.size() > limits::chunk_framing_bytes || has_stray_control(bytes)) return true;
  if (bytes.starts_with(line_break)) bytes.remove_prefix(line_break.size());
  const std::size_t end = bytes.find(line_break);
  if (end == bytes.npos) return false;
  const std::string_view line = bytes.substr(0, end);
  // Of a whole line that is not the last chunk's the parser would have taken what it could.
  return has_open_quote(line) || (given && !is_last_chunk(line));
}

bool is_bad_chunk_extension(std::string_view extensions) {
  return std::any_of(extensions.begin(), extensions.end(), is_control);
}

}  // namespace yallchat
