// What the tests of streams share: a channel with a reader, who has as much room as a test gives
// it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "hub/hub_testing.h"

namespace yallchat {

using Lines = std::vector<std::string>;

inline void begin_line(std::string& out, std::string_view type, Seqnr seqnr,
                       std::size_t json_bytes) {
  out.append(type).append(" ").append(std::to_string(seqnr.value)).append(" ");
  out.append(std::to_string(json_bytes)).append(" ");
}
inline constexpr Framing line_frame{begin_line, "\n"};

// The value of a JSON member that is a string or a number without anything to escape.
inline std::string member(const std::string& json, const std::string& name) {
  const std::size_t at = json.find("\"" + name + "\":");
  if (at == json.npos) return {};
  const std::size_t from = at + name.size() + 3;
  if (json[from] == '[') return json.substr(from, json.find(']', from) + 1 - from);
  if (json[from] != '"') return json.substr(from, json.find_first_of(",}", from) - from);
  return json.substr(from + 1, json.find('"', from + 1) - from - 1);
}

// A reader at the other end of a connection that has room for so many bytes.
class StreamReader final : public Streams::Sink {
 public:
  StreamReader(HubWorld& world, SessionId session) : world_(world), session_(session) {}

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
  bool is_given_up() const { return given_up_; }
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
  void give_up() override {
    given_up_ = true;
    shared = nullptr;
    close();
  }

  HubWorld& world_;
  SessionId session_;
  Streams::StreamPtr stream_;
  std::string received_;
  std::string kept_;
  bool over_ = false;
  bool given_up_ = false;
};

struct StreamWorld : HubWorld {
  SessionId ringo = join("octopus", "ringo");
  StreamReader reader{*this, ringo};

  void say(std::initializer_list<const char*> bodies) {
    for (const char* body : bodies) post(ringo, body);
    reader.serve();
  }
};

}  // namespace yallchat
