// The requests of a workload, ready to be sent: a file in which each is its length (32 bits, little
// endian) and its bytes. Whoever defines a workload writes it; the generator never builds a
// request.
//
// Owner: main. Immutable once read, and lives as long as the load. A file that is not whole ends
// the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yallchat::bench {

class RequestFile {
 public:
  explicit RequestFile(const std::string& path);

  std::size_t size() const { return requests_.size(); }
  // The file is repeated without end.
  std::string_view request(std::uint64_t number) const {
    return requests_[number % requests_.size()];
  }

 private:
  std::string bytes_;
  std::vector<std::string_view> requests_;
};

}  // namespace yallchat::bench
