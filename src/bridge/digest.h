// short_digest: 32 hexadecimal digits for some texts together, by which they are known again. Any
// thread; never fails.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace yallchat {

std::string short_digest(std::initializer_list<std::string_view> texts);

}  // namespace yallchat
