#include "wechat/screen_config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "wechat/xdg.h"

namespace yallchat::screen {
namespace {

constexpr std::array<std::string_view, 8> colour_names{"black", "red",     "green", "yellow",
                                                       "blue",  "magenta", "cyan",  "white"};

Error invalid(std::string message) {
  return {Errc::invalid, std::move(message)};
}

Result<int> colour_of(const toml::node& node) {
  if (const auto* const number = node.as_integer(); number && **number >= 0 && **number <= 255)
    return static_cast<int>(**number);
  if (const auto* const text = node.as_string()) {
    if (text->get() == "default") return -1;
    const auto* const found = std::ranges::find(colour_names, text->get());
    if (found != colour_names.end()) return static_cast<int>(found - colour_names.begin());
  }
  return invalid(
      "a colour is a number from 0 to 255, \"default\", or one of \"black\", \"red\", "
      "\"green\", \"yellow\", \"blue\", \"magenta\", \"cyan\", \"white\"");
}

// One value stands for a list of one.
template <class T, class Read>
Result<std::vector<T>> list_of(const toml::node& node, Read read) {
  std::vector<T> list;
  if (const auto* const array = node.as_array()) {
    for (const toml::node& element : *array) {
      auto value = read(element);
      if (!value) return value.error();
      list.push_back(std::move(*value));
    }
    return list;
  }
  auto value = read(node);
  if (!value) return value.error();
  list.push_back(std::move(*value));
  return list;
}

Result<std::string> text_of(const toml::node& node) {
  if (const auto* const text = node.as_string()) return text->get();
  return invalid("a text is expected, or a list of texts, such as [\"drummer\"]");
}

Result<Key> key_of(const toml::node& node) {
  const auto* const text = node.as_string();
  const auto key = text ? parse_key(text->get()) : std::nullopt;
  if (key) return *key;
  return invalid(
      "a key is written as \"ctrl-a\", \"alt-1\", \"shift-tab\", \"f5\" or \"pageup\"; [] is none");
}

template <class T, class Read>
Result<void> set(T& to, const toml::node& node, Read read) {
  auto value = read(node);
  if (!value) return value.error();
  to = std::move(*value);
  return {};
}

Result<bool> flag_of(const toml::node& node) {
  if (const auto* const flag = node.as_boolean()) return flag->get();
  return invalid("true or false is expected");
}

std::string among(const std::string& name, std::string_view all) {
  return "there is no '" + name + "' here; there are " + std::string(all);
}

Result<void> read_colour(ScreenConfig& config, const std::string& name, const toml::node& node) {
  Theme& theme = config.theme;
  if (name == "names")
    return set(theme.names, node, [](const auto& n) { return list_of<int>(n, colour_of); });
  if (name == "mention") return set(theme.mention, node, colour_of);
  if (name == "notice") return set(theme.notice, node, colour_of);
  if (name == "warning") return set(theme.warning, node, colour_of);
  if (name == "read_line") return set(theme.read_line, node, colour_of);
  return invalid(among(name, "names, mention, notice, warning, read_line"));
}

Result<void> read_keys(ScreenConfig& config, const std::string& name, const toml::node& node) {
  std::string all;
  for (const ActionHelp& one : action_help()) {
    all += (all.empty() ? "" : ", ") + std::string(one.name);
    if (one.name != name) continue;
    auto keys = list_of<Key>(node, key_of);
    if (!keys) return keys.error();
    config.bindings.bind(one.action, *keys);
    return {};
  }
  return invalid(among(name, all));
}

Result<void> read_notify(ScreenConfig& config, const std::string& name, const toml::node& node) {
  if (name == "bell") return set(config.bell, node, flag_of);
  if (name == "osc9") return set(config.osc9, node, flag_of);
  if (name == "osc777") return set(config.osc777, node, flag_of);
  if (name == "words")
    return set(config.words, node, [](const auto& n) { return list_of<std::string>(n, text_of); });
  return invalid(among(name, "bell, osc9, osc777, words"));
}

using ReadSetting = Result<void> (*)(ScreenConfig&, const std::string&, const toml::node&);
constexpr std::array<std::pair<std::string_view, ReadSetting>, 3> sections{
    {{"colours", read_colour}, {"keys", read_keys}, {"notify", read_notify}}};

std::string place(const std::string& file, const toml::node& node) {
  return file + ":" + std::to_string(node.source().begin.line) + ": ";
}

Result<void> read_all(ScreenConfig& config, const toml::table& all, const std::string& file) {
  for (const auto& [key, node] : all) {
    const std::string section(key.str());
    const auto* const known =
        std::ranges::find(sections, section, [](const auto& s) { return s.first; });
    const auto* const table = node.as_table();
    if (known == sections.end() || table == nullptr)
      return invalid(place(file, node) + section +
                     ": settings are in the sections [colours], [keys] and [notify]");
    for (const auto& [name, value] : *table)
      if (auto read = known->second(config, std::string(name.str()), value); !read)
        return invalid(place(file, value) + section + "." + std::string(name.str()) + ": " +
                       read.error().message);
  }
  return {};
}

}  // namespace

Result<ScreenConfig> load_screen_config(const std::string& file) {
  ScreenConfig config;
  std::error_code ignored;
  if (file.empty() || !std::filesystem::exists(file, ignored)) return config;
  if (!std::filesystem::is_regular_file(file, ignored))
    return invalid(file + ": is no file of settings");
  try {
    if (auto read = read_all(config, toml::parse_file(file), file); !read) return read.error();
  } catch (const toml::parse_error& error) {
    const auto line = error.source().begin.line;
    return invalid(file + (line == 0 ? "" : ":" + std::to_string(line)) + ": " +
                   std::string(error.description()));
  }
  return config;
}

std::string screen_config_path() {
  const std::string folder = xdg_folder("XDG_CONFIG_HOME", ".config");
  return folder.empty() ? "" : folder + "/config.toml";
}

}  // namespace yallchat::screen
