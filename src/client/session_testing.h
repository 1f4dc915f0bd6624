// The session against a scripted transport and a clock that only the test moves.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "client/session.h"

namespace yallchat {

class TestClock final : public Clock {
 public:
  Monotonic now{std::chrono::seconds(1)};
  Monotonic monotonic() const override { return now; }
  std::int64_t wall_ms() const override { return 0; }
};

class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override { std::ranges::fill(out, ++byte_); }

 private:
  std::uint8_t byte_ = 0;
};

// Requests wait until the test answers them.
class ScriptedTransport final : public Transport {
 public:
  struct Waiting {
    HttpRequest request;
    Done done;
  };
  std::map<RequestId, Waiting> waiting;
  RequestId last = 0;

  RequestId start(HttpRequest request, Done done) override {
    waiting[++last] = {std::move(request), std::move(done)};
    return last;
  }
  void cancel(RequestId id) override { waiting.erase(id); }

  // A request is named by the end of its URL; one that takes its answer in parts is "stream".
  bool has(const std::string& end) { return find(end) != waiting.end(); }
  HttpRequest answer(const std::string& end, HttpAnswer with) {
    return finish(end, {.answer = std::move(with), .failure = {}});
  }
  HttpRequest fail(const std::string& end, bool may_have_arrived) {
    return finish(end, {.answer = {}, .failure = {"lost", may_have_arrived, false}});
  }
  void part(const std::string& bytes, const std::string& type = "application/x-ndjson") {
    const auto found = find("stream");
    ASSERT_NE(found, waiting.end());
    const auto give = found->second.request.part;
    give({200, {{"yallchat", "1"}, {"content-type", type}}, ""}, bytes);
  }

 private:
  std::map<RequestId, Waiting>::iterator find(const std::string& end) {
    return std::ranges::find_if(waiting, [&](const auto& one) {
      const HttpRequest& request = one.second.request;
      return request.part ? end == "stream" : request.url.ends_with(end);
    });
  }
  HttpRequest finish(const std::string& end, HttpOutcome outcome) {
    const auto found = find(end);
    EXPECT_NE(found, waiting.end()) << end;
    if (found == waiting.end()) return {};
    const Waiting one = std::move(found->second);
    waiting.erase(found);
    one.done(std::move(outcome));
    return one.request;
  }
};

class SessionTest : public testing::Test, public SessionListener {
 protected:
  // With the session as it would be at a user's, but for what the test says.
  explicit SessionTest(SessionOptions options = polling())
      : session(completed(std::move(options)), {transport, clock, random, *this}) {}

  static SessionOptions polling() {
    SessionOptions options;
    options.stream = false;
    return options;
  }
  static SessionOptions completed(SessionOptions options) {
    options.url = {.base = "http://h:1/chats/x", .channel = "x", .from = {}};
    options.user = "ringo";
    return options;
  }

  void here(const std::vector<std::string>&) override {}
  void message(const Event& event) override { messages.push_back(event.body); }
  void changed(const Roster::Change& change) override {
    for (const std::string& name : change.left) messages.push_back("-" + name);
    for (const std::string& name : change.joined) messages.push_back("+" + name);
  }
  void gap(Seqnr from, Seqnr first) override {
    messages.push_back("gap " + std::to_string(from.value) + " " + std::to_string(first.value));
  }
  void line_refused(std::uint64_t number, const std::string&) override {
    refused.push_back(number);
  }
  void acknowledged(std::uint64_t number, std::optional<Seqnr> seqnr) override {
    acknowledgements.push_back(std::to_string(number) +
                               (seqnr ? " is " + std::to_string(seqnr->value) : ""));
  }
  void history(const History& page) override { pages.push_back(page); }
  void no_history(const std::string& why) override { refusals.push_back(why); }
  void warning(const std::string& words) override { warnings.push_back(words); }
  void note(const std::string& words) override { notes.push_back(words); }
  void found(const Found& all) override { searched = all; }
  void not_searched(const std::string& why, bool) override { refusals.push_back(why); }

  static HttpAnswer reply(int status, std::string body,
                          std::vector<std::pair<std::string, std::string>> headers = {}) {
    headers.emplace_back("yallchat", "1");
    return {status, std::move(headers), std::move(body)};
  }
  static HttpAnswer joined() {
    return reply(200, R"(["ringo"])", {{"session", "key"}, {"seqnr", "0"}});
  }
  void join() {
    session.start();
    transport.answer("/join/ringo", joined());
    session.turn();
  }
  // Goes to the moment the session waits for.
  void sleep() {
    ASSERT_NE(session.wake_at(), Monotonic::max());
    clock.now = std::max(clock.now, session.wake_at());
    session.turn();
  }
  static std::string header(const HttpRequest& request, const std::string& name) {
    for (const auto& [key, value] : request.headers)
      if (key == name) return value;
    return "";
  }

  TestClock clock;
  CountingRandom random;
  ScriptedTransport transport;
  std::vector<std::string> messages;  // and other events
  std::vector<std::uint64_t> refused;
  std::vector<std::string> acknowledgements;
  std::vector<History> pages;
  std::vector<std::string> warnings;
  std::vector<std::string> notes;
  std::vector<std::string> refusals;
  std::optional<Found> searched;
  ClientSession session;
};

}  // namespace yallchat
