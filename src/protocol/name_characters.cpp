#include "protocol/name_characters.h"

#include <unicode/uchar.h>

namespace yallchat {
namespace {

bool newer_than_unicode_15_0(UChar32 c) {
  UVersionInfo version;
  u_charAge(c, version);
  return version[0] > 15 || (version[0] == 15 && version[1] > 0);
}

}  // namespace

bool allowed_in_names(char32_t c) {
  if (c < ascii_allowed_in_names.size()) return ascii_allowed_in_names[c];
  const auto point = static_cast<UChar32>(c);
  constexpr std::uint32_t categories = U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK;
  return (U_GET_GC_MASK(point) & categories) != 0 &&
         !u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) &&
         !newer_than_unicode_15_0(point);
}

}  // namespace yallchat
