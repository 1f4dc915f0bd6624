// The settings of a server, and where they come from: defaults < file < environment < flags.
//
// Every setting is one row of a table (config.cpp). Its name in the file is its name in the
// environment, in capitals behind YALLCHAT_, and as a flag, with dashes, where it is one. Main
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace yallchat {

struct Config {
  std::vector<std::string> listen{"127.0.0.1:8000"};
  std::string data = "./yallchat-data";
  std::string admin_socket = "admin.sock";  // a relative path is in data; empty: none
  std::chrono::milliseconds session_timeout{limits::session_timeout_ms};
  std::uint64_t max_channels = limits::max_channels;  // 0: no limit
  // What is kept of a channel; 0: all.
  std::uint64_t history = 0;  // messages
  std::chrono::milliseconds history_age{0};
  std::uint64_t history_bytes = 0;
  bool public_list = true;                // whether strangers are told of the channels
  std::vector<std::string> cors_origins;  // whose pages may use the API
  std::string commit = "auto";            // inline, thread or auto: commit_choice.h
  std::string log_level = "info";

  // [limits]
  std::uint64_t max_message = limits::max_message;
  std::uint64_t max_sessions = limits::max_sessions;
  std::uint64_t connections_per_address = limits::connections_an_address;
  std::uint64_t joins_per_second = limits::joins_an_address_a_second;
  std::uint64_t posts_per_second = limits::posts_a_session_a_second;
  std::uint64_t posts_burst = limits::posts_a_session_burst;
  std::chrono::milliseconds header_timeout{limits::head_timeout_ms};
  std::chrono::milliseconds body_timeout{limits::body_timeout_ms};
  std::chrono::milliseconds idle_timeout{limits::idle_timeout_ms};
  bool loopback =
      false;  // whether the limits of addresses and posts hold for 127.0.0.1 and ::1 too
};

// A setting as text, from a flag.
struct GivenSetting {
  std::string name;  // as in the file
  std::vector<std::string> values;
};

// Where the admin socket is, or empty.
std::string admin_socket_path(const Config& config);

// Reads the file (when named) and the environment, then applies the flags, and checks the whole.
// Error: invalid, naming the setting, where it came from and what would be right.
Result<Config> load_config(const std::string& file, const std::vector<GivenSetting>& flags);

// The effective settings as a TOML file that load_config reads back as the same.
std::string print_config(const Config& config);

}  // namespace yallchat
