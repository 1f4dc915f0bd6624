// What one session may be given by its next poll: the cursor's rules, as a reader knows them.
//
// Within one life of the server, and over a clean stop, the cursor is known exactly. A crash may
// take it back to a value that it had since the log was told of it last; the next answers narrow
// that down. It is told of each answer in the order in which the server gives them. One thread.
#pragma once

#include <vector>

#include "hub/hub.h"
#include "simulation/model.h"

namespace yallchat::simulation {

class Reading {
 public:
  Reading() = default;
  // As a join leaves it. clock outlives it.
  Reading(const Clock& clock, Seqnr cursor, std::uint64_t seen_directory, const Position& position);

  // What was known about the channel when a poll was asked.
  struct Asked {
    Position position;
    Seqnr first;
    std::uint64_t version = 0;
    std::uint64_t seen = 0;  // at least; 0: unknown
    std::optional<std::size_t> batch = {};
  };
  Asked ask(const Position& position, const Model::Room& room);
  // A position takes effect.
  void move(const Position& position);

  // The server gives this. Violated if it may not.
  void given(const Asked& asked, const poll::Answer& answer, const Model::Room& room);
  // The server was told that the answer was sent.
  void sent(const poll::Answer& answer);
  void saw_directory(std::uint64_t version);

  // What can be said for certain of a poll that has been asked and is alone.
  enum class Next { nothing, something, unknown };
  Next next(const Model::Room& room) const;
  // Where the cursor is, if that is certain.
  std::optional<Seqnr> cursor() const;

  // Whether this was given before the crash.
  bool went_back(const poll::Answer& answer) const;

  // told_until: what the cursor left before then, the log knows that it left.
  void crash(Monotonic told_until);
  void clean_stop();

 private:
  void given_event(const Asked& asked, const poll::Event& event, const Model::Room& room);
  void given_batch(const Asked& asked, const poll::Batch& batch, const Model::Room& room);
  void check_told(const Asked& asked, std::string_view what) const;
  void to(Seqnr cursor);
  void keep_cursors(const auto& may_be, const std::string& otherwise);
  std::string cursors() const;

  std::vector<Seqnr> cursors_;  // where the server's cursor may be: one, or several after a crash
  struct Left {
    Seqnr cursor;
    Monotonic at;
  };
  const Clock* clock_ = nullptr;
  std::vector<Left> left_;         // where it was before, and until when, since the last crash
  std::vector<Seqnr> asked_;       // where polls that are not answered yet may have put it
  std::optional<Seqnr> at_crash_;  // where the cursor was, until it is moved
  std::vector<Seqnr> used_;        // positions of the path
  std::vector<Seqnr> asked_once_;
  bool used_exactly_ = true;
  std::uint64_t seen_ = 0;  // the newest version of the directory that it was given
  bool seen_exactly_ = true;
};

}  // namespace yallchat::simulation
