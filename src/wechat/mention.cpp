#include "wechat/mention.h"

#include <utf8proc.h>

#include "wechat/cluster.h"

namespace yallchat::screen {
namespace {

// Whether a letter, a mark or a digit begins with this byte's character. Bytes beyond ASCII that
// continue one count with it.
bool goes_on(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  utf8proc_int32_t c = 0;
  const auto* const begin = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at;
  if (utf8proc_iterate(begin, static_cast<utf8proc_ssize_t>(text.size() - at), &c) <= 0)
    return false;
  return c == '_' || (utf8proc_category(c) >= UTF8PROC_CATEGORY_LU &&
                      utf8proc_category(c) <= UTF8PROC_CATEGORY_NO);
}

std::size_t character_before(std::string_view text, std::size_t at) {
  do --at;
  while (at > 0 && (static_cast<unsigned char>(text[at]) >> 6U) == 2);
  return at;
}

}  // namespace

Mentions::Mentions(const std::vector<std::string>& words) {
  for (const std::string& word : words)
    if (!word.empty()) words_.push_back(folded(word));
}

bool Mentions::in(std::string_view text) const {
  const std::string all = folded(text);
  for (const std::string& word : words_)
    for (std::size_t at = all.find(word); at != all.npos; at = all.find(word, at + 1)) {
      const bool begins = at == 0 || !goes_on(all, character_before(all, at));
      if (begins && !goes_on(all, at + word.size())) return true;
    }
  return false;
}

}  // namespace yallchat::screen
