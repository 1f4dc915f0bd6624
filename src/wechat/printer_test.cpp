#include "wechat/printer.h"

#include <gtest/gtest.h>

namespace yallchat {
namespace {

Event message() {
  Event event;
  event.seqnr = Seqnr(83);
  event.source = "ri\ngo";
  event.body = "two\nlines \u202e";
  event.time = "2026-01-02T03:04:05.678Z";
  return event;
}

TEST(PrinterText, PrintsEachEventOnOneLine) {
  const Printer printer(Printer::Form::text, "octopus");
  EXPECT_EQ(printer.here({"paul", "ringo"}), "* here: paul, ringo\n");
  EXPECT_EQ(printer.message(message()), "ri go: two lines \n");
  EXPECT_EQ(printer.changed({.joined = {"john", "mal\x1b"}, .left = {"paul"}}),
            "* paul left\n* john joined\n* mal joined\n");
  EXPECT_EQ(printer.gap(Seqnr(83), Seqnr(2001)), "* gap: messages 83 to 2000 are no longer kept\n");
  EXPECT_EQ(printer.gap(Seqnr(83), Seqnr(84)), "* gap: message 83 is no longer kept\n");
}

TEST(PrinterText, AMessageOfNobodyIsMarked) {
  Event event;
  event.body = "x";
  EXPECT_EQ(Printer(Printer::Form::text, "octopus").message(event), "?: x\n");
}

TEST(PrinterJson, PrintsEachEventAsOneObject) {
  const Printer printer(Printer::Form::json, "octo\"pus");
  EXPECT_EQ(printer.message(message()),
            R"({"type":"MSG","channel":"octo\"pus","seqnr":83,"source":"ri\ngo",)"
            R"("body":"two\nlines \u202e","time":"2026-01-02T03:04:05.678Z"})"
            "\n");
  EXPECT_EQ(printer.here({"paul"}),
            "{\"type\":\"DIR\",\"channel\":\"octo\\\"pus\",\"body\":[\"paul\"]}\n");
  EXPECT_EQ(printer.changed({.joined = {"john"}, .left = {"paul"}}),
            "{\"type\":\"LEAVE\",\"channel\":\"octo\\\"pus\",\"source\":\"paul\"}\n"
            "{\"type\":\"JOIN\",\"channel\":\"octo\\\"pus\",\"source\":\"john\"}\n");
  EXPECT_EQ(printer.gap(Seqnr(83), Seqnr(2001)),
            "{\"type\":\"GAP\",\"channel\":\"octo\\\"pus\",\"from\":83,\"first\":2001}\n");
}

TEST(PrinterJson, WhatTheServerDidNotTellIsLeftOut) {
  Event event;
  event.body = "x";
  EXPECT_EQ(Printer(Printer::Form::json, "o").message(event),
            "{\"type\":\"MSG\",\"channel\":\"o\",\"body\":\"x\"}\n");
}

Hit hit() {
  Hit hit{.message = message(), .marks = {{2, 5}, {6, 9}, {40, 99}}};
  hit.message.source = "ringo";
  hit.message.body = "d\u00fc \u9f13\u624b\x1b[31m\n\u202egreat";
  return hit;
}

TEST(PrinterText, AHitHasItsNumberTimeAndName) {
  EXPECT_EQ(Printer(Printer::Form::text, "x").hit(hit(), false),
            "83 2026-01-02T03:04:05Z ringo: d\u00fc \u9f13\u624b[31m great\n");
}

TEST(PrinterText, MarksAreInColourAndNothingElseIs) {
  EXPECT_EQ(Printer(Printer::Form::text, "x").hit(hit(), true),
            "83 2026-01-02T03:04:05Z ringo: d\u00fc\x1b[1;31m \u9f13\u624b\x1b[m"
            "\x1b[1;31m[31\x1b[mm great\n");
}

TEST(PrinterJson, AHitHasItsMarksAndNoColour) {
  EXPECT_EQ(Printer(Printer::Form::json, "x").hit(hit(), true),
            "{\"type\":\"MSG\",\"channel\":\"x\",\"seqnr\":83,\"source\":\"ringo\","
            "\"body\":\"d\u00fc \u9f13\u624b\\u001b[31m\\n\\u202egreat\","
            "\"time\":\"2026-01-02T03:04:05.678Z\",\"hits\":[[2,5],[6,9],[40,99]]}\n");
}

}  // namespace
}  // namespace yallchat
