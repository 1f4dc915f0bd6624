#include "bridge/label.h"

#include <algorithm>

#include "base/limits.h"
#include "protocol/names.h"
#include "protocol/percent.h"

namespace yallchat {

std::string default_label(const ServerUrl& server) {
  const bool tls = server.root.starts_with("https://");
  std::string label = server.root.substr(server.root.find("://") + 3);
  label.resize(std::min(label.find('/'), label.size()));
  const std::string usual_port = tls ? ":443" : ":8000";
  if (label.ends_with(usual_port)) label.resize(label.size() - usual_port.size());
  std::erase(label, '[');
  std::erase(label, ']');
  const auto unfit = [](unsigned char c) {
    return c < 0x80 && std::isalnum(c) == 0 && c != '.' && c != '-' && c != '_';
  };
  std::ranges::replace_if(label, unfit, '-');
  return label;
}

bool same_label(const std::string& one, const std::string& other) {
  const Result<UserName> first = parse_user(one), second = parse_user(other);
  return one == other || (first && second && first->key == second->key);
}

Result<void> check_label(const std::string& label) {
  if (const Result<UserName> name = parse_user(label); !name) return name.error();
  if (label.find('@') != std::string::npos)
    return Error{Errc::invalid, "an '@' cannot be in a label"};
  if (percent_encode_segment(label).size() > limits::bridge_label_bytes)
    return Error{Errc::invalid, "it is too long"};
  return {};
}

}  // namespace yallchat
