#include "hub/streams.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "hub/hub_testing.h"

namespace yallchat {
namespace {

using Lines = std::vector<std::string>;

void begin_line(std::string& out, std::string_view type, Seqnr seqnr, std::size_t json_bytes) {
  out.append(type).append(" ").append(std::to_string(seqnr.value)).append(" ");
  out.append(std::to_string(json_bytes)).append(" ");
}
constexpr Framing line_frame{begin_line, "\n"};

// The value of a JSON member that is a string or a number without anything to escape.
std::string member(const std::string& json, const std::string& name) {
  const std::size_t at = json.find("\"" + name + "\":");
  if (at == json.npos) return {};
  const std::size_t from = at + name.size() + 3;
  if (json[from] == '[') return json.substr(from, json.find(']', from) + 1 - from);
  if (json[from] != '"') return json.substr(from, json.find_first_of(",}", from) - from);
  return json.substr(from + 1, json.find('"', from + 1) - from - 1);
}

// A reader at the other end of a connection that has room for so many bytes.
class Reader final : public Streams::Sink {
 public:
  Reader(HubWorld& world, SessionId session) : world_(world), session_(session) {}

  void open(std::optional<Seqnr> from = {}) {
    stream_ = world_.hub->open_stream(world_.session(session_), {from, line_frame}, *this);
    serve();
  }
  void serve() {
    while (world_.hub->streams().has_work()) world_.hub->streams().serve();
  }
  // Takes everything from now on.
  void drain() {
    room = SIZE_MAX;
    take(room);
  }
  // Takes so many bytes more, when nothing else is to be sent first.
  void take(std::size_t bytes) {
    room = bytes;
    received_ += std::exchange(kept_, {});
    if (stream_) world_.hub->streams().room(stream_);
    serve();
  }
  void close() { world_.hub->close_stream(std::exchange(stream_, nullptr), session_); }

  // What came since the last look, an event each: "MSG 1 hello".
  Lines read() {
    Lines lines;
    std::istringstream in(std::exchange(received_, {}));
    for (std::string line; std::getline(in, line);) {
      const std::string type = line.substr(0, line.find(' '));
      const std::string json = line.substr(line.find('{'));
      EXPECT_EQ(type, member(json, "type"));
      EXPECT_TRUE(line.ends_with(" " + std::to_string(json.size()) + " " + json)) << line;
      EXPECT_EQ(line.substr(type.size() + 1, line.find(' ', type.size() + 1) - type.size() - 1),
                member(json, "seqnr"));
      std::string text = type + " " + member(json, "seqnr");
      for (const char* name : {"users", "source", "body", "from", "first", "reason"})
        if (const std::string value = member(json, name); !value.empty()) text += " " + value;
      lines.push_back(text);
    }
    return lines;
  }
  bool is_over() const { return over_; }
  // How many hold the stream.
  long uses() const { return stream_.use_count(); }

  std::size_t room = SIZE_MAX;
  std::size_t writes = 0;
  std::size_t longest = 0;  // of them
  TextPtr shared;           // of the last event that was

 private:
  std::size_t write(std::string_view bytes) override {
    EXPECT_TRUE(kept_.empty()) << "what is kept goes first";
    ++writes;
    longest = std::max(longest, bytes.size());
    const std::size_t taken = std::min(room, bytes.size());
    if (room != SIZE_MAX) room -= taken;
    received_ += bytes.substr(0, taken);
    return taken;
  }
  std::size_t write(SharedEvent event) override {
    shared = event.text;
    std::string bytes;
    for (const std::string_view part : event.from(0)) bytes += part;
    const std::size_t taken = write(std::string_view(bytes));
    if (taken != 0) {
      for (const std::string_view part : event.from(taken)) kept_ += part;
    }
    return taken;
  }
  void keep(std::string_view rest) override { (room == SIZE_MAX ? received_ : kept_) += rest; }
  void over() override {
    stream_ = nullptr;
    over_ = true;
  }

  HubWorld& world_;
  SessionId session_;
  Streams::StreamPtr stream_;
  std::string received_;
  std::string kept_;
  bool over_ = false;
};

struct World : HubWorld {
  SessionId ringo = join("octopus", "ringo");
  Reader reader{*this, ringo};

  void say(std::initializer_list<const char*> bodies) {
    for (const char* body : bodies) post(ringo, body);
    reader.serve();
  }
};

TEST(Streams, AReaderGetsTheDirectoryThenWhatIsSaid) {
  World w;
  w.reader.open();
  EXPECT_EQ(w.reader.read(), Lines{R"(DIR 0 ["ringo"])"});
  w.say({"one", "two"});
  EXPECT_EQ(w.reader.read(), (Lines{"MSG 1 ringo one", "MSG 2 ringo two"}));
}

TEST(Streams, TheBacklogComesBeforeWhatIsNew) {
  World w;
  w.say({"one", "two", "three"});
  w.reader.open(Seqnr(2));
  w.say({"four"});
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 1 ["ringo"])", "MSG 2 ringo two", "MSG 3 ringo three",
                                    "MSG 4 ringo four"}));
}

TEST(Streams, WithoutAPositionItBeginsAtTheCursorAndDoesNotMoveIt) {
  World w;
  w.say({"one"});
  w.reader.open();
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 0 ["ringo"])", "MSG 1 ringo one"}));
  EXPECT_EQ(w.read(w.ringo), "one");
}

TEST(Streams, WhatIsBeyondTheNewestMessageIsWaitedFor) {
  World w;
  w.reader.open(Seqnr(3));
  w.say({"one", "two"});
  const SessionId paul = w.join("octopus", "paul");
  w.post(paul, "three");
  w.reader.serve();
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 2 ["ringo"])", "JOIN 2 paul", "MSG 3 paul three"}));
}

TEST(Streams, WhoWaitsForAMessageBeyondTheNewestIsKeptOnceHoweverOftenThereIsRoom) {
  World w;
  Reader reader(w, w.ringo);
  reader.open(Seqnr(9));
  const long once = reader.uses();
  for (int i = 0; i < 5; ++i) reader.drain();
  EXPECT_EQ(reader.uses(), once);
  reader.close();
}

TEST(Streams, JoinsAndLeavesStandBetweenTheMessagesWhereTheyHappened) {
  World w;
  w.reader.open();
  const SessionId paul = w.join("octopus", "paul");
  w.post(paul, "hello");
  w.ask(Leave{paul});
  w.say({"gone"});
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 0 ["ringo"])", "JOIN 0 paul", "MSG 1 paul hello",
                                    "LEAVE 1 paul left", "MSG 2 ringo gone"}));
}

TEST(Streams, WhatIsNotKeptIsToldAsAGap) {
  World w;
  w.settings.history = limits::history_floor;
  w.ask(w.settings);
  for (std::size_t i = 0; i < limits::history_floor + 5; ++i) w.post(w.ringo, "x");
  w.reader.open(Seqnr(2));
  const Lines lines = w.reader.read();
  ASSERT_EQ(lines.size(), limits::history_floor + 2);
  EXPECT_EQ(lines[0], R"(DIR 1 ["ringo"])");
  EXPECT_EQ(lines[1], "GAP 5 2 6");
  EXPECT_EQ(lines[2], "MSG 6 ringo x");
}

TEST(Streams, OldMessagesComeFromTheStore) {
  World w;
  for (int i = 1; i <= 500; ++i) w.post(w.ringo, std::to_string(i));
  w.restart_clean();
  Reader reader(w, w.ringo);
  reader.open(Seqnr(1));
  Lines lines;
  while (lines.size() < 501) {
    w.inbox.run_one();
    reader.serve();
    const Lines more = reader.read();
    lines.insert(lines.end(), more.begin(), more.end());
  }
  EXPECT_EQ(lines.back(), "MSG 500 ringo 500");
  w.post(w.ringo, "live");
  reader.serve();
  EXPECT_EQ(reader.read(), Lines{"MSG 501 ringo live"});
}

TEST(Streams, WhatTheFloorPassesWhileTheStoreIsReadIsAGap) {
  HubWorld w;
  w.settings.history = limits::history_floor;
  w.restart();
  const SessionId ringo = w.join("octopus", "ringo");
  for (std::size_t i = 1; i <= limits::history_floor; ++i) w.post(ringo, "x");
  w.restart_clean();
  HeldReads held(*w.store);
  w.read_through(held);
  Reader reader(w, ringo);
  reader.open(Seqnr(1));
  for (int i = 0; i < 100; ++i) w.post(ringo, "new");
  w.replica->flush();
  Lines lines;
  while (lines.size() < limits::history_floor + 2) {
    if (held.release()) w.inbox.run_one();
    reader.serve();
    const Lines more = reader.read();
    lines.insert(lines.end(), more.begin(), more.end());
  }
  EXPECT_EQ(lines[1], "GAP 100 1 101");
  EXPECT_EQ(lines[2], "MSG 101 ringo x");
  EXPECT_EQ(lines.back(), "MSG 1100 ringo new");
  w.hub.reset();
}

TEST(Streams, WhoHasNoRoomGoesOnFromHistoryWithoutGapOrRepeat) {
  World w;
  w.reader.open();
  w.reader.room = 150;  // the directory, and a part of the first message
  w.say({"one", "two"});
  w.say({"three"});
  w.reader.take(50);
  w.say({"four"});
  w.reader.drain();
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 0 ["ringo"])", "MSG 1 ringo one", "MSG 2 ringo two",
                                    "MSG 3 ringo three", "MSG 4 ringo four"}));
}

TEST(Streams, WhoMissedJoinsIsGivenTheDirectoryAnew) {
  World w;
  w.reader.open();
  w.reader.room = 0;
  w.say({"one"});
  w.join("octopus", "paul");
  w.say({"two"});
  w.reader.drain();
  w.say({"three"});
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 0 ["ringo"])", "MSG 1 ringo one", "MSG 2 ringo two",
                                    R"(DIR 2 ["paul","ringo"])", "MSG 3 ringo three"}));
}

TEST(Streams, WhoIsCutBetweenTheChangesOfOneEntryIsToldOfThoseBehindTheCut) {
  for (const std::size_t cut : {1, 100, 200}) {
    World w;
    w.settings.session_timeout_ticks = 6;
    w.ask(w.settings);
    for (const char* user : {"george", "john", "paul"}) w.join("octopus", user);
    w.reader.open();
    w.reader.read();
    w.reader.room = cut;
    // The three expire in one tick; a session with a stream does not.
    for (int i = 0; i < 100; ++i) {
      w.clock.now += std::chrono::milliseconds(100);
      w.hub->turn();
      w.replica->turn();
    }
    w.reader.serve();
    w.reader.drain();
    const Lines all = w.reader.read();
    const bool anew = !all.empty() && all.back() == R"(DIR 0 ["ringo"])";
    EXPECT_TRUE(anew || all.size() == 3) << cut;
  }
}

TEST(Streams, EveryCutOfTheBytesGivesTheSameEvents) {
  World w;
  w.say({"one", "two"});
  for (std::size_t room = 1; room < 120; ++room) {
    Reader reader(w, w.ringo);
    reader.room = room;
    reader.open(Seqnr(1));
    for (int i = 0; i < 400; ++i) reader.take(room);
    EXPECT_EQ(reader.read(), (Lines{R"(DIR 0 ["ringo"])", "MSG 1 ringo one", "MSG 2 ringo two"}))
        << room;
    reader.close();
  }
}

TEST(Streams, TheDirectoryIsOneTextForAllWhoeverStopsInTheMiddleOfIt) {
  World w;
  w.say({"one", "two"});
  const Channel& channel = *w.replica->machine().find_channel(w.session(w.ringo).channel);
  for (const std::size_t room : {0, 1, 40, 1000}) {
    for (const std::uint64_t from : {1, 2, 100}) {
      Reader reader(w, w.ringo);
      reader.room = room;
      reader.open(Seqnr(from));
      EXPECT_EQ(reader.shared, w.hub->directory(channel).json);
      reader.close();
    }
  }
}

TEST(Streams, WhatIsOwedGoesOutInOneWrite) {
  World w;
  w.reader.open();
  const std::size_t before = w.reader.writes;
  for (int i = 0; i < 50; ++i) w.post(w.ringo, "x");
  w.reader.serve();
  EXPECT_EQ(w.reader.writes, before + 1);
  EXPECT_EQ(w.reader.read().size(), 51U);
}

TEST(Streams, WhatIsKeptLiveIsBoundedHoweverLongItIsNobodysTurn) {
  World w;
  w.reader.open();
  w.reader.read();
  const std::string text(limits::max_message, 'x');
  constexpr std::size_t count = 4 * 2 * limits::feed_bytes / limits::max_message;
  for (std::size_t i = 0; i < count; ++i) w.post(w.ringo, text);
  w.reader.serve();
  EXPECT_LE(w.reader.longest, 2 * limits::feed_bytes + 2 * limits::max_message);
  const Lines lines = w.reader.read();
  ASSERT_EQ(lines.size(), count);
  for (std::size_t i = 0; i < count; ++i)
    EXPECT_TRUE(lines[i].starts_with("MSG " + std::to_string(i + 1) + " ")) << i;
}

TEST(Streams, AtMostSoManyAreSentToInATurn) {
  World w;
  std::vector<std::unique_ptr<Reader>> readers;
  for (std::size_t i = 0; i < limits::streams_a_turn + 1; ++i) {
    readers.push_back(std::make_unique<Reader>(w, w.ringo));
    readers.back()->open();
  }
  w.post(w.ringo, "one");
  w.hub->streams().serve();
  EXPECT_TRUE(w.hub->streams().has_work());
  w.hub->streams().serve();
  EXPECT_FALSE(w.hub->streams().has_work());
  EXPECT_EQ(readers.back()->read().back(), "MSG 1 ringo one");
}

TEST(Streams, TheEndOfASessionIsTheLastEvent) {
  World w;
  w.reader.open();
  w.say({"one"});
  w.ask(Leave{w.ringo});
  w.reader.serve();
  EXPECT_TRUE(w.reader.is_over());
  EXPECT_EQ(w.reader.read().back(), "END 1 left") << "though the channel has nobody left";
}

TEST(Streams, AnEndDoesNotWaitForRoom) {
  World w;
  w.reader.open();
  w.reader.room = 10;
  w.say({"one", "two"});
  w.ask(Leave{w.ringo});
  w.reader.serve();
  EXPECT_TRUE(w.reader.is_over());
  w.reader.drain();
  EXPECT_EQ(w.reader.read(), (Lines{R"(DIR 0 ["ringo"])", "MSG 1 ringo one", "END 1 left"}));
}

TEST(Streams, AStreamOfAChannelThatIsForgottenEnds) {
  World w;
  w.reader.open();
  w.ask(Leave{w.ringo});
  w.reader.serve();
  EXPECT_TRUE(w.reader.is_over());
  EXPECT_EQ(w.reader.read().back(), "END 0 left");
}

TEST(Streams, AStopEndsAll) {
  World w;
  w.reader.open();
  w.hub->streams().stop();
  w.reader.serve();
  EXPECT_EQ(w.reader.read().back(), "END 0 stopping");
}

TEST(Streams, AnOpenStreamKeepsItsSessionAliveAndAClosedOneDoesNot) {
  World w;
  w.settings.session_timeout_ticks = 6;
  w.ask(w.settings);
  w.reader.open();
  const auto pass = [&](int seconds) {
    for (int i = 0; i < 10 * seconds; ++i) {
      w.clock.now += std::chrono::milliseconds(100);
      w.hub->turn();
      w.replica->turn();
    }
    w.reader.serve();
  };
  pass(30);
  EXPECT_TRUE(w.replica->machine().find_session(w.ringo));
  w.reader.close();
  pass(4);
  EXPECT_TRUE(w.replica->machine().find_session(w.ringo)) << "it was active until then";
  pass(10);
  EXPECT_FALSE(w.replica->machine().find_session(w.ringo));
}

TEST(Streams, AnOpenStreamIsToldToTheLogOnceATurnAtMostHoweverShortTheTimeout) {
  World w;
  w.settings.session_timeout_ticks = 1;
  w.ask(w.settings);
  w.reader.open();
  w.clock.now += std::chrono::milliseconds(500);
  w.hub->turn();
  w.replica->turn();
  w.hub->turn();
  EXPECT_FALSE(w.replica->has_work()) << "it was told just now";
}

}  // namespace
}  // namespace yallchat
