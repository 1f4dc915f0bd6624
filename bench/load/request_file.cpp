#include "request_file.h"

#include <cstring>
#include <fstream>
#include <iterator>

#include "die.h"

namespace yallchat::bench {

RequestFile::RequestFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) die("cannot read " + path);
  bytes_.assign(std::istreambuf_iterator<char>(file), {});
  std::string_view rest = bytes_;
  while (!rest.empty()) {
    std::uint32_t length = 0;
    if (rest.size() < sizeof length) die(path + " ends within a request");
    std::memcpy(&length, rest.data(), sizeof length);
    rest.remove_prefix(sizeof length);
    if (length == 0 || rest.size() < length) die(path + " ends within a request");
    requests_.push_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  if (requests_.empty()) die(path + " has no request");
}

}  // namespace yallchat::bench
