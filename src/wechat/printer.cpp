#include "wechat/printer.h"

#include "protocol/json.h"
#include "wechat/terminal_text.h"

namespace yallchat {

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
  if (form_ == Form::text)
    return (event.source.empty() ? "?" : terminal_text(event.source)) + ": " +
           terminal_text(event.body) + "\n";
  std::string members;
  if (event.seqnr) members += ",\"seqnr\":" + std::to_string(event.seqnr->value);
  if (!event.source.empty()) members += ",\"source\":" + json_string(event.source);
  members += ",\"body\":" + json_string(event.body);
  if (!event.time.empty()) members += ",\"time\":" + json_string(event.time);
  return json_line("MSG", members);
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
