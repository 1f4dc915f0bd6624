#include "wechat/printer.h"

#include "protocol/json.h"
#include "wechat/terminal_text.h"

namespace yallchat {

namespace {

constexpr std::string_view colour_on = "\x1b[1;31m";  // as grep has it
constexpr std::string_view colour_off = "\x1b[m";

std::string sender(const Event& event) {
  return event.source.empty() ? "?" : terminal_text(event.source);
}

// "2026-01-02T03:04:05.678Z" without what nobody reads.
std::string whole_seconds(const std::string& time) {
  const auto point = time.find('.');
  return point != std::string::npos && time.ends_with('Z') ? time.substr(0, point) + "Z" : time;
}

std::string marks_json(const Hit& hit) {
  std::string list = "[";
  for (const auto& [from, behind] : hit.marks)
    list +=
        (list.size() == 1 ? "[" : ",[") + std::to_string(from) + "," + std::to_string(behind) + "]";
  return list + "]";
}

// Takes so many code points off a text in UTF-8.
std::string_view take(std::string_view& text, std::size_t code_points) {
  const auto continues = [](char byte) { return (static_cast<unsigned char>(byte) >> 6U) == 2; };
  std::size_t end = 0;
  for (; code_points > 0 && end < text.size(); --code_points) do
      ++end;
    while (end < text.size() && continues(text[end]));
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end);
  return taken;
}

std::string marked(const Hit& hit) {
  std::string_view rest = hit.message.body;
  std::size_t at = 0;
  std::string line;
  for (const auto& [from, behind] : hit.marks) {
    line += terminal_text(take(rest, from - at));
    const std::string words = terminal_text(take(rest, behind - from));
    if (!words.empty()) line += std::string(colour_on) + words + std::string(colour_off);
    at = behind;
  }
  return line + terminal_text(rest);
}

}  // namespace

std::string gap_words(Seqnr from, Seqnr first) {
  const std::string one = std::to_string(from.value);
  if (from.next() == first) return "message " + one + " is no longer kept";
  return "messages " + one + " to " + std::to_string(first.value - 1) + " are no longer kept";
}

std::string Printer::json_line(const std::string& type, const std::string& members) const {
  return terminal_json("{\"type\":\"" + type + "\",\"channel\":" + json_string(channel_) + members +
                       "}") +
         "\n";
}

std::string Printer::here(const std::vector<std::string>& names) const {
  if (form_ == Form::json) return json_line("DIR", ",\"body\":" + directory_json(names));
  std::string line = "* here: ";
  for (const std::string& name : names)
    line += (&name == &names.front() ? "" : ", ") + terminal_text(name);
  return line + "\n";
}

std::string Printer::message(const Event& event) const {
  if (form_ == Form::text) return sender(event) + ": " + terminal_text(event.body) + "\n";
  return message_json(event, "");
}

std::string Printer::message_json(const Event& event, const std::string& more) const {
  std::string members;
  if (event.seqnr) members += ",\"seqnr\":" + std::to_string(event.seqnr->value);
  if (!event.source.empty()) members += ",\"source\":" + json_string(event.source);
  members += ",\"body\":" + json_string(event.body);
  if (!event.time.empty()) members += ",\"time\":" + json_string(event.time);
  return json_line("MSG", members + more);
}

std::string Printer::hit(const Hit& hit, bool colour) const {
  const Event& event = hit.message;
  if (form_ == Form::json) return message_json(event, ",\"hits\":" + marks_json(hit));
  const std::string number = event.seqnr ? std::to_string(event.seqnr->value) + " " : "";
  const std::string time = event.time.empty() ? "" : terminal_text(whole_seconds(event.time)) + " ";
  return number + time + sender(event) + ": " + (colour ? marked(hit) : terminal_text(event.body)) +
         "\n";
}

std::string Printer::membership(const std::string& name, bool joined) const {
  if (form_ == Form::json)
    return json_line(joined ? "JOIN" : "LEAVE", ",\"source\":" + json_string(name));
  return "* " + terminal_text(name) + (joined ? " joined\n" : " left\n");
}

std::string Printer::changed(const Roster::Change& change) const {
  std::string lines;
  for (const std::string& name : change.left) lines += membership(name, false);
  for (const std::string& name : change.joined) lines += membership(name, true);
  return lines;
}

std::string Printer::gap(Seqnr from, Seqnr first) const {
  if (form_ == Form::json)
    return json_line("GAP", ",\"from\":" + std::to_string(from.value) +
                                ",\"first\":" + std::to_string(first.value));
  return "* gap: " + gap_words(from, first) + "\n";
}

}  // namespace yallchat
