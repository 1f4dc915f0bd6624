// Whatever readers do, a small model says which event each gets next.
#include <algorithm>
#include <map>
#include <memory>

#include "base/property_testing.h"
#include "hub/hub_testing.h"

namespace yallchat {
namespace {

// What the protocol says of one session (docs/protocol.md, "The cursor").
struct ReaderModel {
  std::uint64_t cursor = 1;
  bool directory_due = false;
  std::vector<std::uint64_t> used;
};

// A channel, its readers, and what they will be given.
class ChannelModel {
 public:
  explicit ChannelModel(HubWorld& world) : world_(world) {
    static int count = 0;
    name_ = "octopus-" + std::to_string(++count);
    for (const char* user : {"ringo", "paul", "john"}) join(user);
  }

  void step() {
    using Step = void (ChannelModel::*)();
    const Step chosen = *rc::gen::weightedElement<Step>({{100, &ChannelModel::post},
                                                         {200, &ChannelModel::poll},
                                                         {30, &ChannelModel::two_polls},
                                                         {30, &ChannelModel::peek},
                                                         {20, &ChannelModel::note_position},
                                                         {20, &ChannelModel::join_or_leave},
                                                         {1, &ChannelModel::restart}});
    (this->*chosen)();
  }

 private:
  void join(const char* user) {
    for (auto& [id, reader] : readers_) reader.directory_due = true;
    const SessionId id = world_.join(name_, user);
    readers_[id].cursor = head_ + 1;
    order_.push_back(id);
  }
  // Somebody who does not read.
  void join_or_leave() {
    if (guest_) {
      world_.ask(Leave{*std::exchange(guest_, std::nullopt)});
    } else {
      guest_ = world_.join(name_, "guest");
    }
    for (auto& [id, reader] : readers_) reader.directory_due = true;
  }

  void post() { world_.post(someone(), "message " + std::to_string(++head_)); }

  void poll() {
    const SessionId id = someone();
    const Position position = any_position();
    move(readers_[id], position);
    const std::string expected = next(readers_[id]);
    const poll::Answer answer = world_.ask_poll(id, position);
    check(answer, expected);
    deliver(id, answer);
  }

  // The second waits for the first; its own position holds when its turn comes.
  void two_polls() {
    const SessionId id = someone();
    const Position second_position = any_position();
    std::vector<poll::Answer> answers;
    const auto keep = [&](const poll::Answer& answer) { answers.push_back(answer); };
    const auto wait_for = [&](std::size_t count) {
      while (answers.size() < count) world_.inbox.run_one();
    };
    const std::string first = next(readers_[id]);
    world_.hub->poll(world_.session(id), {}, keep);
    world_.hub->poll(world_.session(id), {.position = second_position}, keep);
    wait_for(1);
    check(answers[0], first);
    deliver(id, answers[0]);
    move(readers_[id], second_position);
    const std::string second = next(readers_[id]);
    wait_for(2);
    check(answers[1], second);
    deliver(id, answers[1]);
  }

  void peek() {
    const SessionId id = someone();
    std::optional<poll::Answer> answer;
    world_.hub->peek(world_.session(id), [&](const poll::Answer& a) { answer = a; });
    while (!answer) world_.inbox.run_one();
    check(*answer, next(readers_[id]));
  }

  // A request that is no poll, with a position.
  void note_position() {
    const SessionId id = someone();
    const Position position = any_position();
    move(readers_[id], position);
    world_.hub->note_request(world_.session(id), position);
  }

  // A clean stop and a start: cursors and what was seen are exact.
  void restart() { world_.restart_clean(); }

  static constexpr const char* directory = "[";  // how its JSON begins
  static constexpr const char* nothing = "(nothing)";

  std::string next(const ReaderModel& reader) const {
    if (reader.directory_due) return directory;
    if (reader.cursor > head_) return nothing;
    return "message " + std::to_string(reader.cursor);
  }
  static void check(const poll::Answer& answer, const std::string& expected) {
    const std::string text = HubWorld::text(answer);
    const bool right = expected == directory ? text.starts_with(directory) : text == expected;
    if (!right) RC_FAIL("it gave " + text + " where the model says " + expected);
  }

  // The answer is written, or the connection has gone.
  void deliver(SessionId id, const poll::Answer& answer) {
    if (std::holds_alternative<poll::Nothing>(answer)) return;
    const bool sent = *rc::gen::weightedElement<bool>({{4, true}, {1, false}});
    ReaderModel& reader = readers_[id];
    if (sent && std::holds_alternative<Directory>(answer)) reader.directory_due = false;
    if (sent && std::holds_alternative<poll::Event>(answer)) ++reader.cursor;
    world_.hub->delivered(id, sent);
  }

  void move(ReaderModel& reader, const Position& position) const {
    if (position.once) {
      const std::uint64_t n = position.once->value;
      auto& used = reader.used;
      if (std::find(used.begin(), used.end(), n) == used.end()) {
        used.push_back(n);
        if (used.size() > limits::positions_remembered_a_session) used.erase(used.begin());
        reader.cursor = std::max<std::uint64_t>(n, 1);
      }
    }
    if (position.every_time) reader.cursor = std::max<std::uint64_t>(position.every_time->value, 1);
  }
  Position any_position() const {
    const auto some = rc::gen::map(rc::gen::inRange<std::uint64_t>(0, head_ + 3),
                                   [](std::uint64_t n) { return std::optional(Seqnr(n)); });
    const auto none = rc::gen::just(std::optional<Seqnr>());
    const auto maybe = rc::gen::weightedOneOf<std::optional<Seqnr>>({{4, none}, {1, some}});
    return {*maybe, *maybe};
  }
  SessionId someone() const { return *rc::gen::elementOf(order_); }

  HubWorld& world_;
  std::string name_;
  std::uint64_t head_ = 0;
  std::map<SessionId, ReaderModel> readers_;
  std::vector<SessionId> order_;
  std::optional<SessionId> guest_;
};

TEST(HubProperty, EachReaderGetsWhatTheModelSays) {
  // One server for all cases, a channel for each: making a store takes longer than a case.
  HubWorld world;
  EXPECT_TRUE(rc::check([&world] {
    ChannelModel channel(world);
    for (auto left = *rc::gen::inRange(1, 30); left > 0; --left) channel.step();
  }));
}

}  // namespace
}  // namespace yallchat
