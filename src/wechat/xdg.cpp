#include "wechat/xdg.h"

#include <cstdlib>

namespace yallchat::screen {
namespace {

std::string absolute(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && value[0] == '/' ? value : "";
}

}  // namespace

std::string xdg_folder(const char* variable, const char* otherwise) {
  if (const std::string folder = absolute(variable); !folder.empty()) return folder + "/wechat";
  const std::string home = absolute("HOME");
  return home.empty() ? "" : home + "/" + otherwise + "/wechat";
}

}  // namespace yallchat::screen
