#include "wechat/cluster.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/limits.h"

namespace yallchat::screen {
namespace {

constexpr utf8proc_int32_t emoji_presentation = 0xFE0F;
constexpr utf8proc_int32_t joiner = 0x200D;
constexpr utf8proc_int32_t not_a_character = 0xFFFD;

struct CodePoint {
  utf8proc_int32_t value = not_a_character;
  std::size_t bytes = 1;
};

CodePoint code_point_at(std::string_view text, std::size_t at) {
  CodePoint point;
  const auto* const begin = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at;
  const auto left = static_cast<utf8proc_ssize_t>(text.size() - at);
  const utf8proc_ssize_t taken = utf8proc_iterate(begin, left, &point.value);
  if (taken <= 0) return {};
  point.bytes = static_cast<std::size_t>(taken);
  return point;
}

int boundclass(utf8proc_int32_t c) {
  return static_cast<int>(utf8proc_get_property(c)->boundclass);
}

bool is_regional(utf8proc_int32_t c) {
  return boundclass(c) == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR;
}

bool is_pictographic(utf8proc_int32_t c) {
  return boundclass(c) == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

bool is_skin_tone(utf8proc_int32_t c) {
  return c >= 0x1F3FB && c <= 0x1F3FF;
}

// What begins a syllable of Hangul, and what goes on with it in the same columns.
bool begins_syllable(utf8proc_int32_t c) {
  const int its = boundclass(c);
  return its == UTF8PROC_BOUNDCLASS_L || its == UTF8PROC_BOUNDCLASS_LV ||
         its == UTF8PROC_BOUNDCLASS_LVT;
}

bool continues_syllable(utf8proc_int32_t c) {
  return boundclass(c) == UTF8PROC_BOUNDCLASS_V || boundclass(c) == UTF8PROC_BOUNDCLASS_T;
}

// Of one code point. utf8proc has no column for marks that take one (as vowels of Indic scripts do)
// nor for signs that stand before what they belong to, where the C library and xterm have one; nor
// two for circled numbers and hexagrams.
int columns_of(utf8proc_int32_t c) {
  if ((c >= 0x3248 && c <= 0x324F) || (c >= 0x4DC0 && c <= 0x4DFF)) return 2;
  const int columns = std::min(utf8proc_charwidth(c), 2);
  const bool spacing =
      utf8proc_category(c) == UTF8PROC_CATEGORY_MC || boundclass(c) == UTF8PROC_BOUNDCLASS_PREPEND;
  return spacing ? std::max(columns, 1) : columns;
}

// Of a cluster, as its code points come.
class Width {
 public:
  void add(utf8proc_int32_t c) {
    if (makes_emoji(c))
      columns_ = columns_ == 0 ? 0 : std::max(columns_, 2);
    else if (!syllable_ || !continues_syllable(c))
      columns_ += columns_of(c);
    syllable_ = syllable_ || (last_ == 0 && begins_syllable(c));
    pictographic_ = pictographic_ || is_pictographic(c);
    last_ = c;
  }
  int columns() const { return columns_; }

 private:
  // With what is before it.
  bool makes_emoji(utf8proc_int32_t c) const {
    return c == emoji_presentation || (is_regional(c) && is_regional(last_)) ||
           (is_pictographic(c) && pictographic_ && last_ == joiner) ||
           (is_skin_tone(c) && pictographic_);
  }

  int columns_ = 0;
  bool syllable_ = false;
  bool pictographic_ = false;
  utf8proc_int32_t last_ = 0;
};

// The cluster that begins at; end: where the next one does, though the text may be cut before.
struct Taken {
  Cluster cluster;
  std::size_t end = 0;
};

Taken take(std::string_view text, std::size_t at) {
  Width width;
  utf8proc_int32_t state = 0;
  std::size_t end = at;
  std::size_t shown = at;
  utf8proc_int32_t last = 0;
  for (std::size_t count = 0; end < text.size(); ++count) {
    const CodePoint point = code_point_at(text, end);
    if (count > 0 && utf8proc_grapheme_break_stateful(last, point.value, &state)) break;
    end += point.bytes;
    last = point.value;
    if (count >= limits::cluster_code_points) continue;
    width.add(point.value);
    shown = end;
  }
  return {{text.substr(at, shown - at), width.columns()}, end};
}

}  // namespace

std::vector<Cluster> clusters(std::string_view text) {
  std::vector<Cluster> all;
  for (std::size_t at = 0; at < text.size();) {
    const Taken taken = take(text, at);
    all.push_back(taken.cluster);
    at = taken.end;
  }
  return all;
}

int text_width(std::string_view text) {
  int width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Taken taken = take(text, at);
    width += taken.cluster.width;
    at = taken.end;
  }
  return width;
}

std::string fitting(std::string_view text, int width) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const Taken taken = take(text, at);
    width -= taken.cluster.width;
    if (width < 0) break;
    shown += taken.cluster.text;
    at = taken.end;
  }
  return shown;
}

std::size_t next_cluster(std::string_view text, std::size_t at) {
  return at >= text.size() ? text.size() : take(text, at).end;
}

// Where a cluster begins is only known from before it.
std::size_t previous_cluster(std::string_view text, std::size_t at) {
  std::size_t begin = 0;
  for (std::size_t end = 0; end < at; end = take(text, end).end) begin = end;
  return begin;
}

std::string_view first_bytes(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) >> 6U) == 2) --bytes;
  return text.substr(0, bytes);
}

std::string folded(std::string_view text) {
  const std::string terminated(text);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> made(
      utf8proc_NFKC_Casefold(reinterpret_cast<const utf8proc_uint8_t*>(terminated.c_str())),
      &std::free);
  return made ? reinterpret_cast<const char*>(made.get()) : terminated;
}

}  // namespace yallchat::screen
