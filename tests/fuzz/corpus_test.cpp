// Feeds every file of a folder to one fuzz target: corpus_test NAME FOLDER
//
// The regression test of what the fuzzers have met, in every build and without clang. A target that
// finds something stops the process; the file's name was printed before. An empty corpus fails: it
// would test nothing.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "fuzz.h"

namespace {

using Target = int (*)(const std::uint8_t*, std::size_t);

const std::map<std::string, Target> targets{
    {"command", fuzz_command},
    {"json", fuzz_json},
    {"keys", fuzz_keys},
    {"log", fuzz_log},
    {"names", fuzz_names},
    {"path", fuzz_path},
    {"reply", fuzz_reply},
    {"request", fuzz_request},
    {"screen", fuzz_screen},
    {"session_key", fuzz_session_key},
    {"url", fuzz_url},
    {"websocket", fuzz_websocket},
    {"ws_request", fuzz_ws_request},
};

void feed(Target target, const std::filesystem::path& file) {
  std::printf("%s\n", file.filename().c_str());
  std::fflush(stdout);
  std::ifstream in(file, std::ios::binary);
  const std::vector<char> read{std::istreambuf_iterator<char>(in), {}};
  // Exactly as large as the input, so that the sanitizer sees a read beyond it.
  const std::vector<std::uint8_t> bytes(read.begin(), read.end());
  target(bytes.data(), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  const auto target = argc == 3 ? targets.find(argv[1]) : targets.end();
  if (target == targets.end()) {
    std::fprintf(stderr, "usage: corpus_test NAME FOLDER; NAME is that of a fuzz target\n");
    return 2;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(argv[2]))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) feed(target->second, file);
  return files.empty() ? 1 : 0;
}
