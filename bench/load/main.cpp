// yallchat-load: the load generator of ./dev bench.
#include <cstdio>
#include <fstream>

#include "die.h"
#include "fanout.h"
#include "generator.h"
#include "resources.h"
#include "sync_cost.h"

namespace yallchat::bench {
namespace {

void write_lines(const std::string& path, const std::vector<std::string>& lines) {
  std::ofstream file(path);
  for (const std::string& line : lines) file << line << '\n';
  if (!file.flush()) die("cannot write " + path);
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() == 2 && arguments[0] == "--sync-cost") {
    print_sync_cost(arguments[1]);
    return 0;
  }
  allow_many_files();
  const Options options = parse_options(arguments);
  if (!options.readers.empty()) {
    print_json(Fanout(options).run());
    return 0;
  }
  const RequestFile requests(options.requests);
  Generator generator(options, requests);
  print_json(generator.run());
  if (!options.capture.empty()) write_lines(options.captured_to, generator.captured());
  return 0;
}

}  // namespace
}  // namespace yallchat::bench

int main(int argc, char** argv) {
  return yallchat::bench::run(std::vector<std::string>(argv + 1, argv + argc));
}
