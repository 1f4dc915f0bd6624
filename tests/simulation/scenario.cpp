#include "simulation/scenario.h"

#include <algorithm>
#include <array>

#include "base/limits.h"

namespace yallchat::simulation {
namespace {

// Room for the largest entry that can come: everything that clients, audits and the hub may submit
// in a turn, encoded. Not more, so that segments are many.
std::size_t segment_for(const Scenario& s) {
  const std::size_t commands = (s.acts_a_step + s.channels + 2) * 250;
  const std::size_t touches = s.clients * 120;
  const std::size_t entry = commands + touches + s.posted_bytes_a_step + s.body_bytes + 500;
  return 4'096 + 64 + std::min(entry, limits::entry_bytes);
}

void draw_small(Chance& chance, Scenario& s) {
  s.clients = chance.between(2, 12);
  s.channels = chance.between(1, 3);
  s.lives = chance.between(1, 8);
  s.steps = chance.between(20, 300);
  s.acts_a_step = chance.between(1, 8);
  s.body_bytes = chance.one_in(4) ? 3'000 : 200;
  s.streams = 20;
  s.posted_bytes_a_step = s.body_bytes + 200;
}

void draw_crowd(Chance& chance, Scenario& s) {
  s.clients = chance.between(500, 3'000);
  s.channels = chance.one_in(2) ? chance.between(1, 4) : chance.between(50, 300);
  s.lives = chance.between(1, 3);
  s.steps = chance.between(20, 60);
  s.acts_a_step = chance.between(50, 300);
  s.body_bytes = 100;
  s.streams = 60;
  s.posted_bytes_a_step = 50'000;
}

// More than the bounds on what is not stored yet let in.
void draw_heavy(Chance& chance, Scenario& s) {
  s.clients = chance.between(8, 16);
  s.channels = 1;
  s.lives = chance.between(1, 2);
  s.steps = chance.between(30, 60);
  s.acts_a_step = chance.between(20, 40);
  s.body_bytes = limits::max_message_ceiling;
  s.streams = 2;
  s.posted_bytes_a_step = 8 * limits::MiB;
  s.full_store_percent = 25;
}

// More keyed posts of one channel than are remembered for certain.
void draw_lasting(Chance& chance, Scenario& s) {
  s.clients = chance.between(20, 40);
  s.channels = 1;
  s.lives = chance.between(1, 4);
  s.steps = chance.between(300, 600);
  s.acts_a_step = chance.between(30, 60);
  s.body_bytes = 60;
  s.streams = 4;
  s.posted_bytes_a_step = 4'000;
}

}  // namespace

Scenario Scenario::draw(Chance& chance) {
  Scenario s;
  const std::uint64_t die = chance.below(1'000);
  s.kind = die < 4 ? Kind::heavy : die < 12 ? Kind::crowd : die < 24 ? Kind::lasting : Kind::small;
  s.full_disk_percent = chance.one_in(3) ? chance.between(1, 5) : 0;
  s.full_store_percent = chance.one_in(4) ? chance.between(1, 5) : 0;
  s.clock_jump_percent = chance.one_in(4) ? chance.between(1, 20) : 0;
  s.post_percent = chance.between(5, 60);
  s.leave_percent = chance.one_in(2) ? chance.between(0, 2) : chance.between(2, 15);
  switch (s.kind) {
    case Kind::small: draw_small(chance, s); break;
    case Kind::crowd: draw_crowd(chance, s); break;
    case Kind::heavy: draw_heavy(chance, s); break;
    case Kind::lasting: draw_lasting(chance, s); break;
  }
  if (s.kind == Kind::heavy || s.kind == Kind::lasting) s.post_percent = 85;
  s.stream_percent = chance.one_in(4) ? 0 : chance.between(2, 20);
  s.slowest_step_ms = chance.one_in(3) ? 3'000 : chance.one_in(2) ? 300 : 20;
  s.segment_bytes = segment_for(s);
  s.inline_jobs = chance.one_in(3);
  s.lost_percent = chance.one_in(3) ? 0 : chance.between(1, 30);
  s.unsent_percent = chance.one_in(3) ? 0 : chance.between(1, 20);
  s.late_percent = chance.one_in(3) ? 0 : chance.between(1, 40);
  s.slowest_write_ms = chance.one_in(3) ? 5'000 : chance.one_in(2) ? 100 : 2;
  s.slowest_read_ms = chance.one_in(3) ? 2'000 : 5;
  if (chance.one_in(s.kind == Kind::heavy ? 4 : 2)) s.commit = CommitMode::thread_always;
  s.slowest_commit_ms = chance.one_in(4) ? 1'000 : 20;
  return s;
}

Settings Scenario::settings(Chance& chance) const {
  constexpr std::array<std::uint64_t, 6> timeouts{1, 2, 3, 6, 15, 60};
  Settings settings;
  settings.session_timeout_ticks = timeouts[chance.below(timeouts.size())];
  settings.max_channels = chance.one_in(4) ? chance.between(1, channels + 1) : 0;
  settings.max_sessions = chance.one_in(4) ? chance.between(1, clients + 1) : 0;
  settings.history = chance.one_in(3) ? chance.between(1, 30) : 0;
  settings.history_age_ms = chance.one_in(4) ? 1'000 * chance.between(1, 100) : 0;
  settings.history_bytes = chance.one_in(4) ? chance.between(1, 300'000) : 0;
  return settings;
}

std::string_view name_of(Scenario::Kind kind) {
  switch (kind) {
    case Scenario::Kind::small: return "small";
    case Scenario::Kind::crowd: return "crowd";
    case Scenario::Kind::heavy: return "heavy";
    case Scenario::Kind::lasting: return "lasting";
  }
  return "";
}

}  // namespace yallchat::simulation
