#include "options.h"

#include <cstdio>
#include <cstdlib>

namespace yallchat::bench {
namespace {

[[noreturn]] void wrong(const std::string& what) {
  std::fprintf(stderr, "yallchat-load: %s\n%s", what.c_str(), usage);
  std::exit(2);
}

double number(const std::string& name, const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || value < 0) wrong(name + " is a number, not " + text);
  return value;
}

void check_fanout(const Options& options) {
  if (options.port == 0 || options.ready.empty()) wrong("--port and --ready are needed");
  if ((options.seconds > 0) == (options.backlog > 0)) wrong("either --seconds or --backlog");
  if ((options.rate > 0) == options.requests.empty()) wrong("--rate and --requests go together");
  if (options.channels == 0 || options.connections % options.channels != 0)
    wrong("--connections is a multiple of --channels");
}

void check(const Options& options) {
  if (!options.readers.empty()) return check_fanout(options);
  if (options.protocol == Protocol::irc) wrong("--protocol irc goes with --readers");
  if (options.port == 0 || options.requests.empty()) wrong("--port and --requests are needed");
  if ((options.seconds > 0) == (options.count > 0)) wrong("either --seconds or --count");
  if (options.connections == 0 || options.depth == 0) wrong("at least 1 connection and depth 1");
  if (options.count > 0 && options.rate > 0) wrong("--rate goes with --seconds");
  if (options.capture.empty() != options.captured_to.empty())
    wrong("--capture and --captured-to go together");
  if (!options.capture.empty() && options.count == 0) wrong("--capture goes with --count");
}

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const std::string& name = arguments[i];
    if (i + 1 == arguments.size()) wrong(name + " needs a value");
    const std::string& value = arguments[i + 1];
    const auto whole = [&] { return static_cast<std::uint64_t>(number(name, value)); };
    if (name == "--port")
      options.port = static_cast<std::uint16_t>(whole());
    else if (name == "--requests")
      options.requests = value;
    else if (name == "--protocol" && value == "http")
      options.protocol = Protocol::http;
    else if (name == "--protocol" && value == "resp")
      options.protocol = Protocol::resp;
    else if (name == "--protocol" && value == "irc")
      options.protocol = Protocol::irc;
    else if (name == "--connections")
      options.connections = whole();
    else if (name == "--depth")
      options.depth = whole();
    else if (name == "--rate")
      options.rate = number(name, value);
    else if (name == "--warmup")
      options.warmup_s = number(name, value);
    else if (name == "--seconds")
      options.seconds = number(name, value);
    else if (name == "--count")
      options.count = whole();
    else if (name == "--expect")
      options.expect = static_cast<int>(whole());
    else if (name == "--capture")
      options.capture = value;
    else if (name == "--captured-to")
      options.captured_to = value;
    else if (name == "--readers")
      options.readers = value;
    else if (name == "--ready")
      options.ready.push_back(value);
    else if (name == "--greetings")
      options.greetings = value;
    else if (name == "--channels")
      options.channels = whole();
    else if (name == "--backlog")
      options.backlog = whole();
    else if (name == "--cpu-of")
      options.cpu_of.push_back(static_cast<pid_t>(whole()));
    else
      wrong("unknown: " + name + " " + value);
  }
  check(options);
  return options;
}

}  // namespace yallchat::bench
