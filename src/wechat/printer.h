// What an event looks like on standard output: a line for people, or a line of JSON. Pure; any
// thread.
//
// Every function gives whole lines, each with its newline. Nothing in them can do anything to a
// terminal.
#pragma once

#include <string>
#include <vector>

#include "client/reply.h"
#include "client/roster.h"
#include "client/superset.h"

namespace yallchat {

class Printer {
 public:
  enum class Form { text, json };

  Printer(Form form, std::string channel) : form_(form), channel_(std::move(channel)) {}

  // "* here: paul, ringo", or {"type":"DIR","channel":…,"body":[…]}
  std::string here(const std::vector<std::string>& names) const;
  // "ringo: hello", or {"type":"MSG",…}; what the server did not tell is left out.
  std::string message(const Event& event) const;
  // "* paul joined" and "* paul left", or {"type":"JOIN","channel":…,"source":"paul"} and LEAVE
  std::string changed(const Roster::Change& change) const;
  // "* gap: messages 83 to 2000 are no longer kept", or
  // {"type":"GAP","channel":…,"from":83,"first":2001}
  std::string gap(Seqnr from, Seqnr first) const;
  // "83 2026-01-02T03:04:05Z ringo: hello", its marks in colour if that is wanted; or
  // {"type":"MSG",…,"hits":[[0,5]]}
  std::string hit(const Hit& hit, bool colour) const;

 private:
  std::string membership(const std::string& name, bool joined) const;
  std::string message_json(const Event& event, const std::string& more) const;
  std::string json_line(const std::string& type, const std::string& members) const;

  Form form_;
  std::string channel_;
};

// "messages 83 to 2000 are no longer kept"
std::string gap_words(Seqnr from, Seqnr first);

}  // namespace yallchat
