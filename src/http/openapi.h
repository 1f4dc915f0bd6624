// The description of the API for machines, docs/openapi.json, as it was when this was built.
#pragma once

#include <string_view>

namespace yallchat {

std::string_view openapi_document();

}  // namespace yallchat
