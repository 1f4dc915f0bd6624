// The client's reading of a server's answer, whoever the server is.
//
// The input is an answer as text: a line with the status, lines of fields, an empty line, the body.
#include "client/reply.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "client/stream_lines.h"
#include "client/superset.h"
#include "client/trimmed.h"
#include "fuzz.h"
#include "protocol/json.h"
#include "protocol/names.h"

namespace yallchat {
namespace {

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return line;
}

HttpAnswer answer_of(std::string_view text) {
  HttpAnswer answer;
  for (const char c : take_line(text).substr(0, 3)) answer.status = answer.status * 10 + (c - '0');
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    const auto colon = std::min(line.find(':'), line.size());
    answer.headers.emplace_back(
        line.substr(0, colon),
        trimmed(colon < line.size() ? line.substr(colon + 1) : std::string_view()));
  }
  answer.body = text;
  return answer;
}

std::size_t size_of_header(const HttpAnswer& answer, std::string_view name) {
  const auto value = answer.header(name);
  return value ? value->size() : 0;
}

void check_answer(const HttpAnswer& answer) {
  const auto events = read_events(answer);
  CHECK(events.empty() || (answer.status != 204 && !trimmed(answer.body).empty()),
        "nothing new is no event");
  if (const auto seqnr = number_header(answer, "seqnr"))
    for (const Event& event : events) CHECK(event.seqnr == Seqnr(*seqnr), "headers win");
  if (const auto names = read_directory(answer))
    CHECK(!names->empty(), "a directory has somebody in it");
  if (const auto wait = retry_after(answer))
    CHECK(wait->count() >= 0 && *wait <= std::chrono::seconds(limits::client_retry_after_seconds),
          "nobody waits for ever");
  CHECK(!says_false(answer) || trimmed(answer.body).size() <= 7, "false is a word");
  constexpr std::size_t our_words = 1'200;  // with the longest detail
  CHECK(refusal_words(answer).size() <=
            our_words + size_of_header(answer, "reason") + size_of_header(answer, "location"),
        "a refusal is short");
}

// What our server sends is read as what was said.
void check_ours(std::string_view name, const std::string& text) {
  const auto user = parse_user(name);
  if (!user || text.empty() || !is_utf8(text)) return;
  HttpAnswer message{200, {}, json_string(text)};
  message.headers = {{"type", "MSG"}, {"seqnr", "83"}, {"source", header_form(user->text)}};
  const auto events = read_events(message);
  CHECK(events.size() == 1, "one message is one event");
  CHECK(events[0].type == Event::Type::message && events[0].seqnr == Seqnr(83), "a message");
  CHECK(events[0].source == user->text, "of its sender");
  CHECK(events[0].body == text, "with its text");

  HttpAnswer directory{200, {{"type", "DIR"}}, directory_json({user->text, "paul"})};
  const auto changes = read_events(directory);
  const std::vector<std::string> names{user->text, "paul"};
  CHECK(changes.size() == 1 && changes[0].type == Event::Type::directory, "a directory");
  CHECK(changes[0].names == names, "with its names");
  CHECK(read_directory(directory) == names, "and so at the join");
}

// A stream has the same lines however its bytes come, and what is read of them makes sense.
void check_stream(std::string_view bytes) {
  StreamLines whole;
  whole.feed(bytes);
  StreamLines halves;
  halves.feed(bytes.substr(0, bytes.size() / 2));
  bool fed = false;
  while (const auto line = whole.next()) {
    auto same = halves.next();
    if (!same && !fed) {
      fed = true;
      halves.feed(bytes.substr(bytes.size() / 2));
      same = halves.next();
    }
    CHECK(same == line, "a line is a line");
    const auto event = read_stream_event(*line);
    if (event && event->type == StreamEvent::Type::message)
      CHECK(event->event.seqnr && is_utf8(event->event.body), "a message has a number and a text");
  }
}

void check_search(std::string_view body) {
  const auto page = read_search_page(body);
  if (!page) return;
  for (const Hit& hit : page->hits) {
    std::size_t at = 0;
    for (const auto& [from, behind] : hit.marks) {
      CHECK(at <= from && from < behind, "marks are in order, and hold something");
      at = behind;
    }
  }
}

void check_history(std::string_view body) {
  const auto page = read_history_page(body);
  if (!page) return;
  for (const StreamEvent& event : page->events)
    CHECK(event.type == StreamEvent::Type::gap || event.event.seqnr, "a message has a number");
}

// An event of our server's stream is read as what was said.
void check_our_stream(std::string_view name, const std::string& text) {
  const auto user = parse_user(name);
  if (!user || text.empty() || !is_utf8(text)) return;
  Message message;
  message.seqnr = Seqnr(83);
  message.source = user->text;
  message.body = text;
  const auto event = read_stream_event(event_json("octopus", message));
  CHECK(event && event->type == StreamEvent::Type::message, "an event");
  CHECK(event->event.seqnr == Seqnr(83) && event->event.source == user->text, "of its sender");
  CHECK(event->event.body == text, "with its text");
}

}  // namespace
}  // namespace yallchat

int fuzz_reply(const std::uint8_t* data, std::size_t size) {
  using namespace yallchat;
  const HttpAnswer answer = answer_of(text_of_input(data, size));
  check_answer(answer);
  const auto name = answer.header("source").value_or("ringo");
  check_ours(name, answer.body);
  check_stream(answer.body);
  check_search(answer.body);
  check_history(answer.body);
  read_channel_list(answer.body);
  check_our_stream(name, answer.body);
  return 0;
}
