// What a stream may be given: its rules, as a reader knows them, against the model.
//
// Messages come from the first that was wanted on, each once and in order; a gap only for what is
// not kept. Who is there is told first, and then each join and leave in its place among the
// messages, or all anew where the reader was behind. One life's; violated() when an event may not
// come. One thread.
#pragma once

#include <string_view>
#include <vector>

#include "simulation/model.h"

namespace yallchat::simulation {

class StreamReading {
 public:
  // An event as it came.
  struct Event {
    std::string_view type;
    Seqnr seqnr;
    std::string_view json;
  };

  // next: the first message that is wanted. model outlives it.
  StreamReading(const Model& model, SessionId session, const Model::Room& room, Seqnr next);

  void given(const Event& event);
  // The server was told to stop: that may be said at the end from now on.
  void stop() { stopping_ = true; }

  Seqnr next() const { return next_; }
  bool begun() const { return begun_; }
  bool over() const { return over_; }
  // Violated when it was not told who is there now.
  void check_who_is_there() const;

 private:
  // The directory that the reader knows: several versions may have the same names. behind: it was
  // given messages and not who came and went before them.
  struct Known {
    std::uint64_t version;
    bool behind = false;
  };

  void message(const Event& event);
  void directory(const Event& event);
  void change(const Event& event);
  void gap(const Event& event);
  void end(const Event& event);
  void must_be(const Event& event, std::string_view expected) const;
  const Model::Room& room() const;
  Seqnr last() const { return Seqnr(next_.value - 1); }

  const Model& model_;
  const SessionId session_;
  const ChannelId channel_;
  Seqnr next_;
  std::uint64_t oldest_version_;
  std::vector<Known> known_;
  bool begun_ = false;
  bool over_ = false;
  bool stopping_ = false;
};

}  // namespace yallchat::simulation
