#include "server/log_lines.h"

#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>

#include "protocol/json.h"

namespace yallchat {
namespace {

// As the setting log_level has them.
std::string_view level_name(spdlog::level::level_enum level) {
  if (level == spdlog::level::warn) return "warn";
  const auto name = spdlog::level::to_string_view(level);
  return {name.data(), name.size()};
}

// A line may quote what a client sent; escaped, it is one line whatever that was.
class JsonLines final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& line, spdlog::memory_buf_t& to) override {
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(line.time.time_since_epoch());
    const std::string text =
        "{\"time\":\"" + rfc3339(ms.count()) +
        "\",\"level\":" + json_string(level_name(line.level)) +
        ",\"message\":" + json_string({line.payload.data(), line.payload.size()}) + "}\n";
    to.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonLines>();
  }
};

}  // namespace

void set_up_log_lines(const std::string& level) {
  auto logger = spdlog::stderr_logger_mt("yallchatd");
  if (isatty(STDERR_FILENO))
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l: %v");
  else
    logger->set_formatter(std::make_unique<JsonLines>());
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace yallchat
