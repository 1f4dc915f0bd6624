#include "bridge/report.h"

#include "protocol/json.h"

namespace yallchat {
namespace {

std::string text_of(const Place& place) {
  std::string text = place.label + "/" + place.channel;
  if (place.seqnr) text += "/" + std::to_string(place.seqnr->value);
  return text;
}

std::string json_of(const Place& place) {
  std::string json = "{\"side\":" + json_string(place.label);
  json += ",\"channel\":" + json_string(place.channel);
  if (place.seqnr) json += ",\"seqnr\":" + std::to_string(place.seqnr->value);
  return json + "}";
}

std::string type_of(Report::Kind kind) {
  switch (kind) {
    case Report::Kind::bridging: return "bridging";
    case Report::Kind::joined: return "joined";
    case Report::Kind::left: return "left";
    case Report::Kind::refused: return "refused";
    case Report::Kind::carried: return "carried";
    case Report::Kind::would_carry: return "would-carry";
    case Report::Kind::not_carried: return "not-carried";
    case Report::Kind::repeated: return "repeated";
    case Report::Kind::gap: return "gap";
    case Report::Kind::warning: return "warning";
  }
  return "";
}

}  // namespace

std::string text_of(const Report& report) {
  const std::string from = text_of(report.from);
  const std::string to = text_of(report.to);
  const std::string& name = report.name;
  const std::string& words = report.words;
  switch (report.kind) {
    case Report::Kind::bridging: return "bridging from " + from + " on to " + to + ": " + words;
    case Report::Kind::joined: return name + " is in " + to;
    case Report::Kind::left: return name + " left " + to;
    case Report::Kind::refused: return name + " cannot be in " + to + ": " + words;
    case Report::Kind::carried: return from + " -> " + to + " as " + name;
    case Report::Kind::would_carry: return "would carry " + from + " -> " + to + " as " + name;
    case Report::Kind::not_carried: return from + " was not carried to " + to + ": " + words;
    case Report::Kind::repeated:
      return from + " is put into " + to + " again, and may be there twice: " + words;
    case Report::Kind::gap: return from + ": " + words;
    case Report::Kind::warning: return to + ": " + words;
  }
  return "";
}

std::string json_of(const Report& report) {
  std::string json = "{\"type\":\"" + type_of(report.kind) + "\"";
  if (!report.from.label.empty()) json += ",\"from\":" + json_of(report.from);
  if (!report.to.label.empty()) json += ",\"to\":" + json_of(report.to);
  if (!report.name.empty()) json += ",\"as\":" + json_string(report.name);
  if (!report.words.empty()) json += ",\"detail\":" + json_string(report.words);
  return json + "}";
}

}  // namespace yallchat
