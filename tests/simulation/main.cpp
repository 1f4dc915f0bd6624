// The simulation: histories by seed, until one breaks a promise.
#include <spdlog/spdlog.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "simulation/current.h"
#include "simulation/history.h"

namespace yallchat::simulation {
namespace {

constexpr int exit_ok = 0;
constexpr int exit_violated = 1;
constexpr int exit_usage = 2;

constexpr std::string_view usage =
    R"(simulation: a server's lives under crashes and lost answers, by seed

  --seed N       one history
  --seeds N      N histories (1000)
  --from N       the first of them (1)
  --verbose      say what happens, step by step
  --reached      say how often each rare place was reached; fails if one never was
  --twice        each history twice: the traces must be equal
  --canary NAME  break one part on purpose; succeeds when the checker finds it

Exits with 0 when every promise held, 1 when one did not, 2 on wrong arguments.
)";

struct Arguments {
  std::uint64_t from = 1;
  std::uint64_t seeds = 1'000;
  bool verbose = false;
  bool twice = false;
  bool reached = false;
  Canary canary = Canary::none;
};

std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool take(Arguments& a, const std::string& name, const std::string& value) {
  if (name == "--canary") {
    const auto canary = canary_of(value);
    if (!canary) return false;
    a.canary = *canary;
    return true;
  }
  const auto n = number(value);
  if (!n) return false;
  if (name == "--seed") {
    a.from = *n;
    a.seeds = 1;
  } else if (name == "--seeds") {
    a.seeds = *n;
  } else if (name == "--from") {
    a.from = *n;
  } else {
    return false;
  }
  return true;
}

std::optional<Arguments> parse(const std::vector<std::string>& words) {
  Arguments a;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--verbose")
      a.verbose = true;
    else if (words[i] == "--twice")
      a.twice = true;
    else if (words[i] == "--reached")
      a.reached = true;
    else if (i + 1 == words.size() || !take(a, words[i], words[i + 1]))
      return std::nullopt;
    else
      ++i;
  }
  return a;
}

struct Sums {
  std::uint64_t entries = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t crashes = 0;
  ReachedCounts reached{};
};

// One history; what went wrong, if anything did. The hash of its trace is left in `hash`.
std::optional<Violation> run(const History::Options& options, Sums& sums, std::uint64_t& hash) {
  History history(options);
  begin_history(options.seed, history);
  std::optional<Violation> violation;
  try {
    history.run();
  } catch (const Violation& found) {
    violation = found;
    violation->what = text("step ", history.step(), ": ", found.what);
  }
  end_history();
  hash = history.trace_hash();
  sums.entries += history.entries();
  sums.acknowledged += history.acknowledged();
  sums.crashes += history.crashes();
  for (std::size_t i = 0; i < sums.reached.size(); ++i) sums.reached[i] += history.reached()[i];
  return violation;
}

bool tell_reached(const ReachedCounts& reached) {
  bool all = true;
  for (std::size_t i = 0; i < reached.size(); ++i) {
    std::printf("%10llu  %s\n", static_cast<unsigned long long>(reached[i]),
                std::string(reached_names[i]).c_str());
    all = all && reached[i] != 0;
  }
  return all;
}

int run_all(const Arguments& a) {
  const auto start = std::chrono::steady_clock::now();
  Sums sums;
  for (std::uint64_t seed = a.from; seed < a.from + a.seeds; ++seed) {
    const History::Options options{seed, a.verbose, a.canary};
    std::uint64_t hash = 0;
    std::uint64_t again = 0;
    auto violation = run(options, sums, hash);
    if (!violation && a.twice) {
      violation = run(options, sums, again);
      if (!violation && again != hash) violation = Violation{"the same seed gave another history"};
    }
    if (!violation) continue;
    std::printf("seed %llu, %s\n", static_cast<unsigned long long>(seed), violation->what.c_str());
    if (a.canary != Canary::none) return exit_ok;
    std::printf("replay: ./dev sim --seed %llu --verbose\n", static_cast<unsigned long long>(seed));
    return exit_violated;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf(
      "seeds %llu to %llu: every promise held; %llu crashes, %llu entries, %llu posts "
      "acknowledged, %.1f s\n",
      static_cast<unsigned long long>(a.from),
      static_cast<unsigned long long>(a.from + a.seeds - 1),
      static_cast<unsigned long long>(sums.crashes), static_cast<unsigned long long>(sums.entries),
      static_cast<unsigned long long>(sums.acknowledged), took.count());
  if (a.reached && !tell_reached(sums.reached)) return exit_violated;
  if (a.canary == Canary::none) return exit_ok;
  std::printf("the canary was not found\n");
  return exit_violated;
}

}  // namespace
}  // namespace yallchat::simulation

int main(int argc, char** argv) {
  using namespace yallchat::simulation;
  const auto arguments = parse({argv + 1, argv + argc});
  if (!arguments) {
    std::fputs(usage.data(), stderr);
    return exit_usage;
  }
  spdlog::set_level(arguments->verbose ? spdlog::level::info : spdlog::level::off);
  tell_the_seed_when_dying(arguments->canary != Canary::none);
  return run_all(*arguments);
}
