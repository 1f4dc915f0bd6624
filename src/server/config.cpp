#include "server/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>

#include "base/duration.h"
#include "http/cors.h"
#include "http/listener.h"
#include "protocol/json.h"

namespace yallchat {
namespace {

using std::chrono::milliseconds;

Error invalid(std::string message) {
  return {Errc::invalid, std::move(message)};
}

// --- Texts to values and to TOML ---

using Values = std::vector<std::string>;

Result<void> read(const Values& values, std::vector<std::string>& to) {
  to = values;
  return {};
}
Result<void> read(const Values& values, std::string& to) {
  to = values.back();
  return {};
}
Result<void> read(const Values& values, bool& to) {
  if (values.back() != "true" && values.back() != "false")
    return invalid("'" + values.back() + "' is neither true nor false");
  to = values.back() == "true";
  return {};
}
Result<void> read(const Values& values, std::uint64_t& to) {
  const std::string& text = values.back();
  std::int64_t number = 0;  // TOML's integers
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size() || number < 0)
    return invalid("'" + text + "' is not a whole number, 0 or more");
  to = static_cast<std::uint64_t>(number);
  return {};
}
Result<void> read(const Values& values, milliseconds& to) {
  const auto duration = parse_duration(values.back());
  if (!duration) return duration.error();
  to = *duration;
  return {};
}

// A JSON string is a TOML basic string, but for DEL.
std::string quoted(const std::string& text) {
  std::string out = json_string(text);
  for (std::size_t at = out.find('\x7F'); at != out.npos; at = out.find('\x7F'))
    out.replace(at, 1, "\\u007F");
  return out;
}
std::string print(const std::string& text) {
  return quoted(text);
}
std::string print(bool value) {
  return value ? "true" : "false";
}
std::string print(std::uint64_t value) {
  return std::to_string(value);
}
std::string print(milliseconds value) {
  return quoted(format_duration(value));
}
std::string print(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& text : list) out += (out.empty() ? "" : ", ") + quoted(text);
  return "[" + out + "]";
}

// --- The table ---

struct Setting {
  std::string name;  // in the file; those of [limits] begin with "limits."
  bool list = false;
  std::function<Result<void>(Config&, const Values&)> set;
  std::function<std::string(const Config&)> get;
};

template <class T>
Setting setting(std::string name, T Config::*member) {
  return {std::move(name), std::is_same_v<T, std::vector<std::string>>,
          [member](Config& config, const Values& values) { return read(values, config.*member); },
          [member](const Config& config) { return print(config.*member); }};
}

const std::vector<Setting>& settings() {
  static const std::vector<Setting> table{
      setting("listen", &Config::listen),
      setting("data", &Config::data),
      setting("admin_socket", &Config::admin_socket),
      setting("session_timeout", &Config::session_timeout),
      setting("max_channels", &Config::max_channels),
      setting("history", &Config::history),
      setting("history_age", &Config::history_age),
      setting("history_bytes", &Config::history_bytes),
      setting("public_list", &Config::public_list),
      setting("cors_origins", &Config::cors_origins),
      setting("commit", &Config::commit),
      setting("log_level", &Config::log_level),
      setting("limits.max_message", &Config::max_message),
      setting("limits.max_sessions", &Config::max_sessions),
      setting("limits.connections_per_address", &Config::connections_per_address),
      setting("limits.joins_per_second", &Config::joins_per_second),
      setting("limits.posts_per_second", &Config::posts_per_second),
      setting("limits.posts_burst", &Config::posts_burst),
      setting("limits.header_timeout", &Config::header_timeout),
      setting("limits.body_timeout", &Config::body_timeout),
      setting("limits.idle_timeout", &Config::idle_timeout),
      setting("limits.loopback", &Config::loopback),
  };
  return table;
}

const Setting* find_setting(const std::string& name) {
  const auto& table = settings();
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Setting& s) { return s.name == name; });
  return found == table.end() ? nullptr : &*found;
}

Result<void> apply(Config& config, const Setting& setting, const Values& values,
                   const std::string& where) {
  const auto set = setting.set(config, values);
  if (!set) return invalid(where + ": " + set.error().message);
  return {};
}

// --- The file ---

std::optional<std::string> text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* flag = node.as_boolean()) return print(flag->get());
  return std::nullopt;
}

Result<Values> values_of(const toml::node& node, const Setting& setting) {
  const bool list = setting.list;
  Values values;
  if (const auto* array = node.as_array(); array && list) {
    for (const toml::node& element : *array) {
      const auto text = text_of(element);
      if (!text) return invalid("a list of texts is expected");
      values.push_back(*text);
    }
  } else if (const auto text = text_of(node)) {
    values.push_back(*text);
  } else {
    return invalid(list ? "a text or a list of texts is expected" : "one value is expected");
  }
  // Nothing is what such a list is when it is not set.
  if (values.empty() && setting.get({}) != print(Values{})) return invalid("the list is empty");
  return values;
}

Result<void> read_table(Config& config, const toml::table& table, const std::string& prefix,
                        const std::string& file) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    const std::string where = file + ":" + std::to_string(node.source().begin.line) + ": " + name;
    if (const auto* inner = node.as_table(); inner && name == "limits") {
      if (auto read = read_table(config, *inner, "limits.", file); !read) return read;
      continue;
    }
    const Setting* setting = find_setting(name);
    if (!setting) return invalid(where + ": there is no such setting; --print-config shows all");
    const auto values = values_of(node, *setting);
    if (!values) return invalid(where + ": " + values.error().message);
    if (auto applied = apply(config, *setting, *values, where); !applied) return applied;
  }
  return {};
}

Result<void> read_file(Config& config, const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored))
    return invalid(file + ": a directory, not a file of settings");
  try {
    return read_table(config, toml::parse_file(file), "", file);
  } catch (const toml::parse_error& error) {
    // A file that cannot be opened has no line.
    const auto line = error.source().begin.line;
    return invalid(file + (line == 0 ? "" : ":" + std::to_string(line)) + ": " +
                   std::string(error.description()));
  }
}

// --- The environment ---

std::string environment_name(const std::string& name) {
  std::string upper = "YALLCHAT_" + name;
  for (char& c : upper)
    c = c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

Values split_list(const std::string& text) {
  Values values;
  if (text.empty()) return values;
  std::size_t start = 0;
  for (;;) {
    const std::size_t comma = text.find(',', start);
    values.push_back(text.substr(start, comma - start));
    if (comma == text.npos) return values;
    start = comma + 1;
  }
}

Result<void> read_environment(Config& config) {
  for (const Setting& setting : settings()) {
    const std::string name = environment_name(setting.name);
    const char* value = std::getenv(name.c_str());
    if (!value) continue;
    const Values values = setting.list ? split_list(value) : Values{value};
    if (auto applied = apply(config, setting, values, name); !applied) return applied;
  }
  return {};
}

// --- What no single setting can tell ---

Result<void> check(const Config& config) {
  for (const std::string& address : config.listen)
    if (const auto parts = parse_host_port(address); !parts)
      return invalid("listen: " + parts.error().message);
  if (config.listen.empty()) return invalid("listen: name an address");
  for (const std::string& origin : config.cors_origins)
    if (const auto fit = check_origin(origin); !fit)
      return invalid("cors_origins: " + fit.error().message);
  if (config.data.empty()) return invalid("data: name a directory");
  if (const auto path = check_socket_path(admin_socket_path(config)); !path)
    return invalid("admin_socket: " + path.error().message +
                   "; name a shorter one, or none (an empty text)");
  for (const auto& [name, value] : {std::pair("session_timeout", config.session_timeout),
                                    std::pair("limits.header_timeout", config.header_timeout),
                                    std::pair("limits.body_timeout", config.body_timeout),
                                    std::pair("limits.idle_timeout", config.idle_timeout)})
    if (value < milliseconds(limits::timeout_floor_ms))
      return invalid(std::string(name) + ": a timeout is at least 1s");
  if (config.history != 0 && config.history < limits::history_floor)
    return invalid("history: keep at least 1000 messages a channel, or 0 for all");
  if (config.history_age != milliseconds(0) &&
      (config.history_age < milliseconds(limits::timeout_floor_ms) ||
       config.history_age > milliseconds(limits::history_age_ms_ceiling)))
    return invalid("history_age: from 1s to 36500d, or 0s to keep messages whatever their age");
  if (config.max_message == 0 || config.max_message > limits::max_message_ceiling)
    return invalid("limits.max_message: from 1 to " + std::to_string(limits::max_message_ceiling) +
                   " bytes");
  if (config.posts_per_second != 0 && config.posts_burst == 0)
    return invalid("limits.posts_burst: at least 1, or no post would ever pass");
  const Values commits{"inline", "thread", "auto"};
  if (std::find(commits.begin(), commits.end(), config.commit) == commits.end())
    return invalid("commit: one of inline, thread, auto");
  const Values levels{"debug", "info", "warn", "error"};
  if (std::find(levels.begin(), levels.end(), config.log_level) == levels.end())
    return invalid("log_level: one of debug, info, warn, error");
  return {};
}

}  // namespace

std::string admin_socket_path(const Config& config) {
  if (config.admin_socket.empty()) return "";
  return std::filesystem::path(config.data) / config.admin_socket;
}

Result<Config> load_config(const std::string& file, const std::vector<GivenSetting>& flags) {
  Config config;
  if (!file.empty())
    if (auto read = read_file(config, file); !read) return read.error();
  if (auto read = read_environment(config); !read) return read.error();
  for (const GivenSetting& given : flags) {
    std::string flag = "--" + given.name;
    std::replace(flag.begin(), flag.end(), '_', '-');
    if (auto applied = apply(config, *find_setting(given.name), given.values, flag); !applied)
      return applied.error();
  }
  if (auto checked = check(config); !checked) return checked.error();
  return config;
}

std::string print_config(const Config& config) {
  std::string out;
  bool in_limits = false;
  for (const Setting& setting : settings()) {
    const bool limit = setting.name.starts_with("limits.");
    if (limit && !in_limits) out += "\n[limits]\n";
    in_limits = limit;
    out += (limit ? setting.name.substr(7) : setting.name) + " = " + setting.get(config) + "\n";
  }
  return out;
}

}  // namespace yallchat
